import { MINUTE_MS } from '../time.ts';
import { type Asking, cached } from './cached.ts';
import { idOf, objectsOf, textOf } from './shapes.ts';

/** A right may still work for a minute after it was taken away; so may a workspace's. */
const KEPT_MS = MINUTE_MS;
/** "No larger than 1000." Source: docs.slack.dev/reference/methods/auth.teams.list, "limit". */
export const TEAMS_PAGE_SIZE = 999;
const PATIENCE = { patienceMs: 15_000 };

/** For which workspaces the token is good. */
export interface Workspaces {
  /** Whether the token is that of a whole organisation. False until somebody said so (`serve`). */
  readonly isOrganisation: boolean;
  serve(isOrganisation: boolean): void;
  /**
   * The ids of the workspaces that the organisation added the app to, as Slack said at most a minute ago, in order. Null for
   * the token of one workspace. Throws `SlackApiError`.
   */
  ids(): Promise<readonly string[] | null>;
  /** Their names, by their ids; empty for the token of one workspace. Throws `SlackApiError`. */
  names(): Promise<ReadonlyMap<string, string>>;
  /** An event or a refusal said that the list changed: it is asked for anew. */
  changed(): void;
  /** Slack listed a conversation in these workspaces. */
  met(channelId: string, workspaces: readonly string[]): void;
  /**
   * A workspace of ours that this conversation is in, for calls that want one. Null for the token of one workspace, and if
   * Slack names none. Throws `SlackApiError`.
   */
  of(channelId: string): Promise<string | null>;
}

/** One call of the Web API; see api.ts. */
type Call = <T>(
  method: string,
  args: Record<string, unknown>,
  options: { patienceMs: number } & Partial<Asking>,
) => Promise<T>;

/**
 * The workspaces of a token. An organisation installs the app once, with one token, and adds it to workspaces one by one. Calls
 * that list things then have to name a workspace. Source: docs.slack.dev/enterprise/developing-for-enterprise-orgs ("team_id").
 */
export function createWorkspaces(call: Call, now?: () => number): Workspaces {
  let isOrganisation = false;
  const met = new Map<string, readonly string[]>();

  const listed = cached<ReadonlyMap<string, string>>(KEPT_MS, now, async (_, asking) => {
    const found: Array<[string, string]> = [];
    let cursor: string | undefined;
    do {
      const args = { limit: TEAMS_PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
      const page = await call<TeamsPage>('auth.teams.list', args, { ...PATIENCE, ...asking });
      for (const told of objectsOf<{ id?: unknown; name?: unknown }>(page.teams)) {
        const id = idOf(told.id);
        if (id !== null) found.push([id, textOf(told.name) ?? id]);
      }
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  });

  const names = async () => (isOrganisation ? listed.get('') : new Map<string, string>());
  return {
    get isOrganisation() {
      return isOrganisation;
    },
    serve(whole) {
      isOrganisation = whole;
    },
    names,
    ids: async () => (isOrganisation ? [...(await names()).keys()] : null),
    changed: () => listed.forgetAll(),
    met: (channelId, workspaces) => void met.set(channelId, workspaces),
    async of(channelId) {
      if (!isOrganisation) return null;
      const ours = await names();
      const known = met.get(channelId)?.find((id) => ours.has(id));
      if (known !== undefined) return known;
      const { channel } = await call<{ channel: SharedWith }>(
        'conversations.info',
        { channel: channelId },
        PATIENCE,
      );
      const told = workspacesOf(channel);
      met.set(channelId, told);
      return told.find((id) => ours.has(id)) ?? null;
    },
  };
}

interface TeamsPage {
  teams?: unknown;
  response_metadata?: { next_cursor?: string };
}

/** What a conversation says of the workspaces that it is in. */
export interface SharedWith {
  internal_team_ids?: unknown;
  shared_team_ids?: unknown;
  context_team_id?: unknown;
}

/**
 * The workspaces that a conversation says it is in, and with Slack Connect those of others; the one from which it was looked at
 * counts only if it lists none. An organisation (E…) among them names no workspace. Source: docs.slack.dev/reference/objects/conversation-object and …/channel-object
 * (`internal_team_ids`, `shared_team_ids`, `context_team_id`).
 */
export function workspacesOf({ internal_team_ids, shared_team_ids, context_team_id }: SharedWith): string[] {
  const listed = [internal_team_ids, shared_team_ids].flatMap((list) => (Array.isArray(list) ? list : []));
  const ids = (listed.length > 0 ? listed : [context_team_id]).map(idOf);
  return [...new Set(ids.filter((id) => id?.startsWith('T')) as string[])].sort();
}

/** The argument of a call that is about one workspace. */
export const ofWorkspace = (workspace: string | null | undefined) =>
  workspace == null ? {} : { team_id: workspace };

/** The workspaces to ask one by one: those of ours, or only `among` them; one `undefined` for the token of one workspace. */
export async function askedOneByOne(
  { workspaces }: { workspaces?: Workspaces },
  among?: readonly string[],
): Promise<ReadonlyArray<string | undefined>> {
  const ours = (await workspaces?.ids()) ?? null;
  if (ours === null) return [undefined];
  return among === undefined ? ours : ours.filter((id) => among.includes(id));
}
