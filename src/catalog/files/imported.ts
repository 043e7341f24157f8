import type { Catalog, FileRecord, Scope, ShareRecord } from '../db/schema.ts';
import type { ChannelKind, FileRef, FileRow, FileState, SkipReason } from '../model.ts';
import { changeFile } from './change.ts';
import { fileById } from './lookup.ts';
import { isWhole, UNWANTED } from './merge.ts';

/** A channel as an archive tells it. */
export interface ToldChannel {
  teamId: string;
  channelId: string;
  name: string | null;
  kind: ChannelKind;
  isArchived: boolean;
  createdAt: number | null;
  /** The people of a direct message, at most two. */
  people: string[];
  /** In an organisation: the workspace whose archive tells it, until Slack itself says in which it is. */
  workspace?: string | null | undefined;
}

/** Writes down a channel, unless the catalog knows it: what Slack itself told is newer than any archive. */
export async function knowChannel({ db }: Scope, told: ToldChannel): Promise<void> {
  const { teamId, channelId, name, kind, isArchived, createdAt, people, workspace = null } = told;
  const [imUserId = null, imOtherId = null] = people;
  await db
    .insertInto('channel')
    .values({
      ...{ teamId, channelId, name, kind, createdAt, imUserId, imOtherId },
      ...{ isMember: 0, isArchived: Number(isArchived), checkedAt: 0, workspaces: workspace },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * The id of the one channel of this name that the catalog knows; null if there is none, or several. In an organisation, several
 * workspaces may have one: then that of `workspace` counts, if it is named.
 */
export async function channelNamed({ db }: Scope, name: string, workspace?: string): Promise<string | null> {
  const rows = await db
    .selectFrom('channel')
    .select(['channelId', 'workspaces'])
    .where('name', '=', name)
    .execute();
  const isThere = (places: string | null | undefined) =>
    workspace !== undefined && places?.split(' ').includes(workspace) === true;
  const found = rows.length === 1 ? rows : rows.filter(({ workspaces }) => isThere(workspaces));
  return found.length === 1 ? (found[0]?.channelId ?? null) : null;
}

/** Where these files stand and why, of those that the catalog knows, and whether it has their whole description. */
export async function statesOf(
  { db }: Scope,
  teamId: string,
  fileIds: readonly string[],
): Promise<Map<string, { state: FileState; reason: SkipReason | null; isWhole: boolean }>> {
  if (fileIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('file')
    .select(['fileId', 'state', 'reason', 'knownAs'])
    .where('teamId', '=', teamId)
    .where('fileId', 'in', [...fileIds])
    .execute();
  return new Map(
    rows.map((row) => [row.fileId, { state: row.state, reason: row.reason, isWhole: isWhole(row) }]),
  );
}

/** A file that was shared in a channel around a moment. */
export type SharedAround = Pick<
  FileRecord,
  'fileId' | 'name' | 'size' | 'storedBytes' | 'uploaderId' | 'sha256'
> &
  Pick<ShareRecord, 'ts' | 'threadTs' | 'channelKind' | 'userId' | 'sharedAt'>;

/**
 * What messages showed in a channel from one moment to another (ms), in the trash and removed for good too. What the vault itself
 * opened to the channel was shown by no message.
 */
export function sharedAround(
  { db }: Scope,
  { teamId, channelId, from, until }: { teamId: string; channelId: string; from: number; until: number },
): Promise<SharedAround[]> {
  // Slack's times are as long for all years that matter, so that they are in order as texts, too.
  const ts = (ms: number) => String(Math.floor(ms / 1_000));
  return db
    .selectFrom('share')
    .innerJoin('file', (join) =>
      join.onRef('file.teamId', '=', 'share.teamId').onRef('file.fileId', '=', 'share.fileId'),
    )
    .select(['file.fileId', 'file.name', 'file.size', 'file.storedBytes', 'file.uploaderId', 'file.sha256'])
    .select(['share.ts', 'share.threadTs', 'share.channelKind', 'share.userId', 'share.sharedAt'])
    .where('share.teamId', '=', teamId)
    .where('share.channelId', '=', channelId)
    .where('share.viaVault', '=', 0)
    .where('share.ts', '>=', ts(from))
    .where('share.ts', '<', ts(until + 1_000))
    .execute();
}

/**
 * Takes a file whose bytes an archive may have: one that waits, failed, or that Slack did not give. Nobody else works on it until
 * the lease ends. Undefined when the vault has it, does not want it, or is working on it.
 */
export async function takeToImport(
  catalog: Catalog,
  ref: FileRef,
  { owner, leaseMs, now }: { owner: string; leaseMs: number; now: number },
): Promise<FileRow | undefined> {
  const taken = await changeFile(catalog, ref, ({ state, reason, leaseOwner, dueAt, attempts }) => {
    const isOthers = leaseOwner !== null && leaseOwner !== owner && (dueAt ?? 0) > now;
    if (!['pending', 'failed', 'skipped', 'storing'].includes(state) || isOthers) return undefined;
    if (reason === 'external' || (reason !== null && UNWANTED.includes(reason))) return undefined;
    // An attempt that died may have stored it: the next one looks.
    return {
      state: 'storing',
      reason: null,
      leaseOwner: owner,
      dueAt: now + leaseMs,
      attempts: attempts + 1,
    };
  });
  return taken ? fileById(catalog, ref) : undefined;
}
