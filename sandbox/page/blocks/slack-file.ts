import type { Block } from '../../slack/page-api.ts';

/** The file of a `slack_file`, which names its id, or its URL on the file host (`…/<team>-<file>/<name>`). */
export function slackFileId({ slack_file }: Block): string | null {
  const { id, url } = slack_file ?? {};
  if (typeof id === 'string') return id;
  return typeof url === 'string' ? (/\/T[A-Z0-9]+-(F[A-Z0-9]+)/.exec(url)?.[1] ?? null) : null;
}
