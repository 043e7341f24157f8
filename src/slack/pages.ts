import { type CallOptions, type SlackApi, SlackApiError } from './api.ts';
import { askedOneByOne, ofWorkspace } from './workspaces.ts';

interface Page {
  response_metadata?: { next_cursor?: string };
  channels?: unknown;
  members?: unknown;
  messages?: unknown;
}

/** A page, and where it stands in the list. */
interface PlacedPage extends Page {
  /** The workspace that it is about; undefined for the token of one workspace. */
  workspace: string | undefined;
  /** Whether another page follows, in this workspace or in the next. */
  more: boolean;
  /** Whether Slack has another page of this workspace, but it is one too many. */
  isCut: boolean;
}

/**
 * The lists of a workspace. The token of an organisation has to name one ("required if token belongs to org-wide app"). Source:
 * docs.slack.dev/reference/methods/conversations.list, users.conversations and users.list, "team_id".
 */
const BY_WORKSPACE = new Set(['conversations.list', 'users.conversations', 'users.list']);

/**
 * All pages of one of Slack's lists; with the token of an organisation, of all its workspaces, one after the other. Then the
 * same thing may be listed several times. Throws `SlackApiError`.
 */
export async function* pagesOf(
  api: SlackApi,
  method: string,
  args: Record<string, unknown>,
  { among, mostPages = Number.POSITIVE_INFINITY, ...options }: CallOptions = {},
): AsyncGenerator<PlacedPage> {
  const asked = BY_WORKSPACE.has(method) ? await askedOneByOne(api, among) : [undefined];
  for (const [at, workspace] of asked.entries()) {
    let cursor: string | undefined;
    let pages = 0;
    do {
      const which = { ...args, ...ofWorkspace(workspace), ...(cursor ? { cursor } : {}) };
      const page = await orLost(api, workspace, () => api.call<Page>(method, which, options));
      if (page === undefined) break;
      cursor = page.response_metadata?.next_cursor || undefined;
      pages += 1;
      const isCut = cursor !== undefined && pages >= mostPages;
      if (isCut) cursor = undefined;
      yield { ...page, workspace, isCut, more: cursor !== undefined || at < asked.length - 1 };
    } while (cursor !== undefined);
  }
}

/** Undefined when the app was just taken out of this workspace: nothing in it counts any more. */
export async function orLost<T>(
  { workspaces }: Pick<SlackApi, 'workspaces'>,
  workspace: string | undefined,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (workspace === undefined || !(error instanceof SlackApiError) || error.code !== NOT_GRANTED)
      throw error;
    workspaces?.changed();
    if ((await workspaces?.ids())?.includes(workspace)) throw error;
    return undefined;
  }
}

/** Slack's word for a workspace that the token is not good for. Source: docs.slack.dev/reference/methods, "Errors". */
const NOT_GRANTED = 'team_access_not_granted';

/** There are too many pages to ask for. */
export class TooManyError extends Error {
  readonly code = 'too_many_members';
}

/** True for a failure that Slack will repeat, and for a list that is too long. */
export const isLasting = (error: unknown): boolean =>
  error instanceof SlackApiError ? error.permanent : error instanceof TooManyError;
