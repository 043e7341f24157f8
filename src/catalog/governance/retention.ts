import { type RawBuilder, sql } from 'kysely';
import { DAY_MS } from '../../time.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { auditFile, changeFile } from '../files/change.ts';
import { channelOfKey } from '../files/channel-keys.ts';
import type { FileRef } from '../model.ts';
import { touchHomes } from '../notices/homes.ts';
import { addNotice } from '../notices/notices.ts';
import { targetOfExpiry } from '../notices/targets.ts';
import { againstHolds, held, isHeld } from './holds.ts';
import { retentionDaysIn } from './rules.ts';

/** Files of a channel's list that are looked at in one step. */
const PAGE = 500;
/** Counting for a person who waits stops here. */
const COUNT_AT_MOST = 10_000;

/** The channel of a place: a file that was taken back keeps the days of its channel; see channel-keys.ts. */
export const CHANNEL = (row: 'a' | 'c') => sql<string>`replace(${sql.ref(`${row}.channel_id`)}, '!', '')`;

/** A file given to one person does not stay longer for it. */
export const IS_GIFT = sql<boolean>`exists (select 1 from share s where s.team_id = c.team_id and s.file_id = c.file_id
  and s.channel_id = c.channel_id and s.ts = '' and s.via_vault = 1)`;

/** A place in a channel's list, oldest first. */
export interface ExpiryCursor {
  sharedAt: number;
  fileId: string;
}

/**
 * True for a row of `file` known as `f` when the time of every channel that it was shared in is over; the last share
 * in a channel counts. `asIf` tries days for a channel before they are saved.
 */
function isOver(
  now: number,
  defaultDays: number,
  asIf?: { channelId: string; days: number },
): RawBuilder<boolean> {
  const own = retentionDaysIn('r', defaultDays);
  const days =
    asIf === undefined
      ? own
      : sql<number>`case when ${CHANNEL('c')} = ${asIf.channelId} then cast(${asIf.days} as bigint) else ${own} end`;
  return sql<boolean>`not exists (select 1 from channel_file c
    left join rule r on r.team_id = c.team_id and r.channel_id = ${CHANNEL('c')}
    where c.team_id = f.team_id and c.file_id = f.file_id and not ${IS_GIFT}
      and (${days} = 0 or c.shared_at > ${now} - ${days} * ${sql.lit(DAY_MS)}))`;
}

/**
 * One step along a channel's list, oldest first: which of the next {@link PAGE} files are to go to the trash, and
 * where to continue; null at the end. Files on hold, and files that another channel still keeps, are left out.
 */
export async function expiredFiles(
  scope: Scope,
  o: {
    teamId: string;
    channelId: string;
    /** After this many days the channel lets files go. */
    days: number;
    defaultDays: number;
    after: ExpiryCursor | null;
    now: number;
    /** To try days that are not saved yet. */
    asIf?: boolean;
  },
): Promise<{ fileIds: string[]; next: ExpiryCursor | null }> {
  if (o.days === 0) return { fileIds: [], next: null };
  const { teamId, channelId, now, defaultDays } = o;
  const after = o.after ?? { sharedAt: Number.MIN_SAFE_INTEGER, fileId: '' };
  const trial = o.asIf ? { channelId, days: o.days } : undefined;
  const { rows } = await sql<ExpiryCursor & { over: number }>`
    select l.shared_at, l.file_id,
      case when f.state = 'stored' and f.kept_at is null and ${isOver(now, defaultDays, trial)} and not ${held('f')} then 1 else 0 end as over
    from (select team_id, file_id, shared_at from listing
      where team_id = ${teamId} and channel_id = ${channelId} and tag = ''
        and (shared_at, file_id) > (${after.sharedAt}, ${after.fileId})
        and shared_at <= ${now - o.days * DAY_MS}
      order by shared_at, file_id limit ${PAGE}) l
    join file f on f.team_id = l.team_id and f.file_id = l.file_id
    order by l.shared_at, l.file_id`.execute(scope.db);
  const last = rows.at(-1);
  return {
    fileIds: rows.filter((row) => row.over === 1).map((row) => row.fileId),
    next: rows.length < PAGE || !last ? null : { sharedAt: last.sharedAt, fileId: last.fileId },
  };
}

/**
 * How many files would go to the trash now if the channel kept its files for `days`. Counts the first 10,000 at most:
 * `atLeast` says that there may be more.
 */
export async function countExpired(
  scope: Scope,
  o: { teamId: string; channelId: string; days: number; defaultDays: number; now: number },
): Promise<{ files: number; atLeast: boolean }> {
  let files = 0;
  let after: ExpiryCursor | null = null;
  for (let looked = 0; looked < COUNT_AT_MOST; looked += PAGE) {
    const page = await expiredFiles(scope, { ...o, after, asIf: true });
    files += page.fileIds.length;
    if (page.next === null) return { files, atLeast: false };
    after = page.next;
  }
  return { files, atLeast: true };
}

/**
 * Moves a file to the trash because its time is over. Checks everything once more in the transaction: that it is
 * stored, that no channel keeps it any longer, and that no hold covers it. Audited, and told in `channelId`. False
 * when it stays.
 */
export async function expireFile(
  catalog: Catalog,
  o: { ref: FileRef; channelId: string; defaultDays: number; purgeAt: number; now: number },
): Promise<boolean> {
  const { ref, channelId, purgeAt, now } = o;
  return changeFile(catalog, ref, async (file, scope) => {
    if (file.state !== 'stored' || file.keptAt !== null) return undefined;
    await againstHolds(scope);
    const { rows } = await sql`select 1 from file f
      where f.id = ${file.id} and ${isOver(now, o.defaultDays)}`.execute(scope.db);
    if (rows.length === 0 || (await isHeld(scope, ref))) return undefined;
    const { teamId, fileId } = ref;
    const told = channelOfKey(channelId);
    await auditFile(scope, { ...file, channelId: told }, 'trashed', 'vault', now, {
      purgeAt,
      why: 'retention',
    });
    const notice = {
      kind: 'expired' as const,
      fileId,
      actorId: 'vault',
      name: file.name,
      bytes: file.storedBytes,
    };
    // In the channel, nobody knows any more of a file that was taken back there.
    if (told === channelId) await addNotice(scope, { teamId, place: targetOfExpiry(told, now), notice, now });
    await touchHomes(scope, teamId, now);
    return { state: 'trashed', trashedAt: now, trashedBy: 'vault', purgeAt, dueAt: purgeAt, attempts: 0 };
  });
}

/** The places whose files go after some time, with their days: those with a rule, and all if the default says so. */
export async function retainedChannels(
  scope: Scope,
  teamId: string,
  defaultDays: number,
): Promise<Array<{ channelId: string; days: number }>> {
  const days = retentionDaysIn('r', defaultDays);
  const { rows } = await (defaultDays > 0
    ? sql<{ channelId: string; days: number }>`select a.channel_id, max(${days}) as days
        from audience_channel a left join rule r on r.team_id = a.team_id and r.channel_id = ${CHANNEL('a')}
        where a.team_id = ${teamId} group by a.channel_id having max(${days}) > 0
        order by a.channel_id`
    : sql<{
        channelId: string;
        days: number;
      }>`select p.prefix || r.channel_id as channel_id, r.retention_days as days
        from rule r cross join (select '' as prefix union all select '!') p
        where r.team_id = ${teamId} and r.retention_days > 0 order by 1`
  ).execute(scope.db);
  return rows;
}
