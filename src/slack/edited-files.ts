import { type SlackApi, SlackApiError } from './api.ts';
import { readFileObject } from './file-object.ts';
import type { SlackFile } from './file-shape.ts';
import { objectsOf } from './shapes.ts';
import { ofWorkspace } from './workspaces.ts';

/** Files per call. */
const PAGE_FILES = 200;

/**
 * The kinds of files that people edit, as `files.list` names them. Slack documents `spaces` and `snippets`
 * (docs.slack.dev/reference/methods/files.list). Canvases and lists have the names `canvas` and `lists`, which not
 * every workspace knows. Then Slack answers `unknown_type`, and fewer kinds are tried, at last only the documented
 * ones.
 */
export const EDITED_TYPES = [
  'spaces,snippets,canvas,lists',
  'spaces,snippets,canvas',
  'spaces,snippets',
] as const;

export interface EditedPage {
  files: Array<{ fileId: string; name: string | null; title: string | null; updatedAt: number | null }>;
  more: boolean;
}

/**
 * One page of the edited files that the bot may see. `page` starts at 1. `types` is an index of {@link EDITED_TYPES};
 * null when Slack does not know these types. The token of an organisation has to name a `workspace`. Throws `SlackApiError`.
 */
export async function editedFiles(
  api: SlackApi,
  {
    teamId,
    types,
    page,
    workspace,
  }: { teamId: string; types: number; page: number; workspace?: string | undefined },
): Promise<EditedPage | null> {
  try {
    const { files, paging } = await api.call<{ files?: unknown; paging?: { pages?: number } }>('files.list', {
      types: EDITED_TYPES[types] ?? EDITED_TYPES.at(-1),
      count: PAGE_FILES,
      page,
      ...ofWorkspace(workspace),
    });
    const read = objectsOf<SlackFile>(files).flatMap((object) => readFileObject(teamId, object)?.file ?? []);
    return {
      files: read.map(({ fileId, name, title, updatedAt = null }) => ({ fileId, name, title, updatedAt })),
      more: page < (Number(paging?.pages) || 1),
    };
  } catch (error) {
    const isUnknown = error instanceof SlackApiError && UNKNOWN.has(error.code);
    if (isUnknown && types < EDITED_TYPES.length - 1) return null;
    throw error;
  }
}

const UNKNOWN = new Set(['unknown_type', 'invalid_types', 'invalid_arguments']);
