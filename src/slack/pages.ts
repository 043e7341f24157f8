import { type CallOptions, type SlackApi, SlackApiError } from './api.ts';

interface Page {
  response_metadata?: { next_cursor?: string };
  channels?: unknown;
  members?: unknown;
  messages?: unknown;
}

/** All pages of one of Slack's lists. Throws `SlackApiError`. */
export async function* pagesOf(
  api: SlackApi,
  method: string,
  args: Record<string, unknown>,
  options: CallOptions = {},
): AsyncGenerator<Page> {
  let cursor: string | undefined;
  do {
    const page: Page = await api.call<Page>(method, { ...args, ...(cursor ? { cursor } : {}) }, options);
    yield page;
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
}

/** There are too many pages to ask for. */
export class TooManyError extends Error {
  readonly code = 'too_many_members';
}

/** True for a failure that Slack will repeat, and for a list that is too long. */
export const isLasting = (error: unknown): boolean =>
  error instanceof SlackApiError ? error.permanent : error instanceof TooManyError;
