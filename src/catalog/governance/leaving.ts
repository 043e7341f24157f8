/** Files that retention takes within a week: their uploaders are warned, and may keep one where the rule allows it. */
import { type RawBuilder, sql } from 'kysely';
import { nameOf } from '../../text/file-name.ts';
import { DAY_MS } from '../../time.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { auditFile, changeFile } from '../files/change.ts';
import type { FileRef } from '../model.ts';
import { addNotice, touchPost } from '../notices/notices.ts';
import { targetOfLeaving } from '../notices/targets.ts';
import { recordAudit } from './audit.ts';
import { held } from './holds.ts';
import { touchWarnings } from './leaving-told.ts';
import { CHANNEL, type ExpiryCursor, IS_GIFT } from './retention.ts';
import { retentionDaysIn } from './rules.ts';

/** How long before, at most. */
const WARNED_BEFORE_MS = 7 * DAY_MS;

/** How long before, by a rule of so many days: a week, or half of a shorter time, so that no file is warned of at once. */
function warnedBefore(days: number): number {
  return Math.min(WARNED_BEFORE_MS, (days * DAY_MS) / 2);
}

/** Files of a channel's list that are looked at in one step. */
const PAGE = 500;

/** A file that retention takes on this day (days since 1970, UTC), and was not announced for it. */
export interface Leaving {
  fileId: string;
  uploaderId: string;
  day: number;
}

/** When retention takes the file `f` (ms): when the time of the channel that keeps it longest is over. */
function goesAt(defaultDays: number): RawBuilder<number> {
  const days = retentionDaysIn('r', defaultDays);
  return sql<number>`(select case when min(${days}) > 0 then max(c.shared_at + ${days} * ${sql.lit(DAY_MS)}) end
    from channel_file c left join rule r on r.team_id = c.team_id and r.channel_id = ${CHANNEL('c')}
    where c.team_id = f.team_id and c.file_id = f.file_id and not ${IS_GIFT})`;
}

/**
 * One step along a channel's list: which of the next {@link PAGE} files retention takes soon, and where to go
 * on; null at the end. Files on hold, and those that their uploaders kept, are left out.
 */
export async function leavingFiles(
  scope: Scope,
  o: {
    teamId: string;
    channelId: string;
    days: number;
    defaultDays: number;
    after: ExpiryCursor | null;
    now: number;
  },
): Promise<{ leaving: Leaving[]; next: ExpiryCursor | null }> {
  const { teamId, channelId, days, now } = o;
  // Files whose time is over here already go now, or are met in the channel that keeps them longer.
  const after = o.after ?? { sharedAt: now - days * DAY_MS, fileId: '' };
  const { rows } = await sql<
    ExpiryCursor & { uploaderId: string | null; goes: number | null; going: number }
  >`
    select l.shared_at, l.file_id, f.uploader_id, ${goesAt(o.defaultDays)} as goes,
      case when f.state = 'stored' and f.kept_at is null and not ${held('f')} then 1 else 0 end as going
    from (select team_id, file_id, shared_at from listing
      where team_id = ${teamId} and channel_id = ${channelId} and tag = ''
        and (shared_at, file_id) > (${after.sharedAt}, ${after.fileId})
        and shared_at <= ${now + warnedBefore(days) - days * DAY_MS}
      order by shared_at, file_id limit ${PAGE}) l
    join file f on f.team_id = l.team_id and f.file_id = l.file_id
    order by l.shared_at, l.file_id`.execute(scope.db);
  const last = rows.at(-1);
  const leaving = rows.flatMap(({ fileId, uploaderId, goes, going }) =>
    going === 1 &&
    goes !== null &&
    goes > now &&
    goes <= now + warnedBefore(days) &&
    /^[UW]/.test(uploaderId ?? '')
      ? [{ fileId, uploaderId: uploaderId as string, day: Math.floor(goes / DAY_MS) }]
      : [],
  );
  return {
    leaving,
    next: rows.length < PAGE || !last ? null : { sharedAt: last.sharedAt, fileId: last.fileId },
  };
}

/**
 * Warns one person, in their direct conversation with the bot: one message a day. `channelId` is null for somebody who
 * cannot be written to. Each file is told once for a day, whoever dies when. Audited. Returns how many are new.
 */
export async function warnOfLeaving(
  catalog: Catalog,
  o: { teamId: string; userId: string; channelId: string | null; files: readonly Leaving[]; now: number },
): Promise<number> {
  const { teamId, userId, channelId, now } = o;
  return inTransaction(catalog, async (scope) => {
    let fresh = 0;
    for (const [day, files] of Map.groupBy(o.files, (file) => file.day)) {
      let told = 0;
      for (const { fileId } of files) {
        const { numUpdatedRows } = await scope.db
          .updateTable('file')
          .set({ warnedDay: day })
          .where('teamId', '=', teamId)
          .where('fileId', '=', fileId)
          .where('state', '=', 'stored')
          .where((eb) => eb.or([eb('warnedDay', 'is', null), eb('warnedDay', '<>', day)]))
          .executeTakeFirst();
        told += Number(numUpdatedRows);
      }
      fresh += told;
      if (told === 0) continue;
      const detail = {
        personId: userId,
        files: told,
        day: new Date(day * DAY_MS).toISOString().slice(0, 10),
      };
      const about = { teamId, actorId: 'vault', fileId: null, channelId: null, detail };
      await recordAudit(scope, { ...about, at: now, action: 'warned' });
      if (channelId === null) continue;
      const place = targetOfLeaving(channelId, now);
      const notice = { kind: 'leaving' as const, actorId: null, userId, day };
      if (await isTold(scope, { teamId, channelId, topic: place.topic, day }))
        await touchPost(scope, teamId, place);
      else await addNotice(scope, { teamId, place, notice, now });
    }
    return fresh;
  });
}

/** Whether the day's message speaks of this day already. */
async function isTold(
  { db }: Scope,
  { teamId, channelId, topic, day }: { teamId: string; channelId: string; topic: string; day: number },
): Promise<boolean> {
  const told = await db
    .selectFrom('notice')
    .innerJoin('post', 'post.id', 'notice.postId')
    .select('notice.id')
    .where('post.teamId', '=', teamId)
    .where('post.topic', '=', topic)
    .where('post.channelId', '=', channelId)
    .where('notice.fileId', '=', String(day))
    .limit(1)
    .executeTakeFirst();
  return told !== undefined;
}

/** Kept files that are named. */
const KEPT_NAMED = 3;

/** A file of somebody that still goes on a day, as it is listed for them. */
export interface LeavingFile {
  fileId: string;
  name: string | null;
  title: string | null;
  bytes: number | null;
  channelId: string;
  /** Whether every rule that takes it lets its uploader keep it. */
  mayKeep: boolean;
}

/** Names of files that somebody kept from retention, and how many these are in all. */
export interface KeptFiles {
  total: number;
  names: Array<string | null>;
}

/** Somebody's files that go on a day, and those that they kept: how many there are, and the first of them by name. */
export async function filesLeaving(
  { db }: Scope,
  o: { teamId: string; userId: string; day: number; limit: number; defaultDays: number },
): Promise<{ total: number; files: LeavingFile[]; kept: KeptFiles }> {
  const theirs = sql`f.team_id = ${o.teamId} and f.uploader_id = ${o.userId} and f.warned_day = ${o.day}
    and f.warned_day is not null and f.state = 'stored'`;
  const going = sql`${theirs} and f.kept_at is null and not ${held('f')}`;
  const { rows: kept } = await sql<{ name: string | null; title: string | null }>`
    select f.name, f.title from file f where ${theirs} and f.kept_at is not null
    order by f.kept_at desc, f.file_id`.execute(db);
  const { rows: sums } = await sql<{ total: number }>`select cast(count(*) as bigint) as total
    from file f where ${going}`.execute(db);
  const { rows } = await sql<Omit<LeavingFile, 'mayKeep'> & { may: number }>`
    select f.file_id, f.name, f.title, f.stored_bytes as bytes, f.channel_id,
      case when ${mayBeKept(o.defaultDays)} then 1 else 0 end as may
    from file f where ${going} order by f.folded, f.file_id limit ${o.limit}`.execute(db);
  return {
    total: sums[0]?.total ?? 0,
    files: rows.map(({ may, ...file }) => ({ ...file, mayKeep: may === 1 })),
    kept: { total: kept.length, names: kept.slice(0, KEPT_NAMED).map(nameOf) },
  };
}

/** For a row of `file` known as `f`: true while every rule that takes it lets its uploader keep it. */
function mayBeKept(defaultDays: number): RawBuilder<boolean> {
  return sql<boolean>`not exists (select 1 from channel_file c
    left join rule r on r.team_id = c.team_id and r.channel_id = ${CHANNEL('c')}
    where c.team_id = f.team_id and c.file_id = f.file_id and not ${IS_GIFT}
      and ${retentionDaysIn('r', defaultDays)} > 0 and coalesce(r.may_keep, 0) = 0)`;
}

/** Keeps a file from retention, if every rule that takes it allows that. Audited. False when it does not. */
export async function keepFile(
  catalog: Catalog,
  o: { ref: FileRef; actorId: string; defaultDays: number; now: number },
): Promise<boolean> {
  return changeFile(catalog, o.ref, async (file, scope) => {
    if (file.state !== 'stored' || file.keptAt !== null) return undefined;
    const { rows } =
      await sql`select 1 from file f where f.id = ${file.id} and ${mayBeKept(o.defaultDays)}`.execute(
        scope.db,
      );
    if (rows.length === 0) return undefined;
    await auditFile(scope, file, 'kept', o.actorId, o.now, {});
    if (file.warnedDay !== null) await touchWarnings(scope, o.ref.teamId, o.actorId, file.warnedDay, o.now);
    return { keptBy: o.actorId, keptAt: o.now };
  });
}

/** Lets retention take a file again. Audited. False when nobody kept it. */
export async function endKeep(
  catalog: Catalog,
  o: { ref: FileRef; actorId: string; now: number },
): Promise<boolean> {
  return changeFile(catalog, o.ref, async (file, scope) => {
    if (file.keptAt === null) return undefined;
    await auditFile(scope, file, 'kept_ended', o.actorId, o.now, { keptBy: file.keptBy });
    // Its uploader's message calls it kept.
    if (file.warnedDay !== null)
      await touchWarnings(scope, o.ref.teamId, file.uploaderId ?? '', file.warnedDay, o.now);
    return { keptBy: null, keptAt: null, warnedDay: null };
  });
}

/** Who kept a file from retention, and since when; null if nobody did. */
export async function keptOf(
  { db }: Scope,
  { teamId, fileId }: FileRef,
): Promise<{ by: string; at: number } | null> {
  const row = await db
    .selectFrom('file')
    .select(['keptBy', 'keptAt'])
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .executeTakeFirst();
  return row?.keptAt ? { by: row.keptBy ?? '', at: row.keptAt } : null;
}
