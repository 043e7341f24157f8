import { type Selectable, sql } from 'kysely';
import { soughtIn, wordsSaid } from '../../text/said-words.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, FileRecord, Scope, ShareRecord } from '../db/schema.ts';
import type { SaidTable } from '../db/schema-said.ts';
import { inTransaction } from '../db/transaction.ts';
import { indexSaid } from '../derived/said-index.ts';
import type { FileRef, Share } from '../model.ts';
import type { Called } from '../reading/name-tokens.ts';
import { bothKeys } from './channel-keys.ts';
import { isSurelyGone, standingOf } from './said-hidden.ts';
import type { Said } from './said-model.ts';
import { momentOfTs } from './share-rows.ts';

export type SaidRecord = Selectable<SaidTable>;

const NAMELESS: Called = { name: null, title: null };

type Place = FileRef & { channelId: string; ts: string };
type Words = Omit<SaidRecord, 'id' | keyof Place>;

const saidAt = prepared(({ db, kind }: Scope, { teamId, fileId, channelId, ts }: Place) =>
  db
    .selectFrom('said')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .where('channelId', '=', channelId)
    .where('ts', '=', ts)
    .$if(kind === 'postgres', (query) => query.forUpdate()),
);

const newSaid = prepared(({ db }: Scope, row: Omit<SaidRecord, 'id'>) =>
  db.insertInto('said').values(row).returning('id'),
);

/**
 * Keeps what the message of a share says, and the first message of its thread. Of two tellings, the later edit counts, in whatever
 * order they come. What was said in a message that is gone is not kept; where that is only guessed, it is hidden
 * (said-hidden.ts). Call it after the share was written down; `shares` and `called` (its name) are the file's as they are now.
 */
export async function keepSaid(
  scope: Scope,
  ref: FileRef,
  share: Share,
  { shares, called, isNew }: { shares: readonly ShareRecord[]; called: Called; isNew: boolean },
): Promise<void> {
  const { ts, channelId, said, rootSaid, threadTs } = share;
  if (ts === null || (said === undefined && rootSaid === undefined)) return;
  const message = said && { ...said, text: wordsSaid(said) };
  const root = rootSaid && { ...rootSaid, text: wordsSaid(rootSaid) };
  const place = shares.find((one) => one.channelId === channelId && one.ts === ts);
  if (place === undefined || isSurelyGone(place)) return;
  const here = { teamId: ref.teamId, fileId: ref.fileId, channelId, ts };
  const [known] = isNew ? [] : await saidAt(scope, here);
  const threadOf = threadTs === ts ? null : threadTs;
  const words = {
    ...later(known, message),
    ...laterRoot(known, root),
    threadTs: known?.threadTs ?? threadOf,
  };
  if (known !== undefined) await changeSaid(scope, known, words);
  // An edit that left no words is remembered: the message from before may be told later.
  else if (
    message?.takesAway !== true &&
    root?.takesAway !== true &&
    (words.words !== '' || (words.rootWords ?? '') !== '' || words.at > momentOfTs(ts))
  ) {
    // On SQLite it is in the index a moment later (said-due.ts).
    const [row] = await newSaid(scope, { ...here, ...words });
    if (row && scope.kind === 'postgres' && place.removedAt === null)
      await indexRow(scope, { ...here, ...words, id: row.id }, { called, isNew: true });
  }
}

function later(
  known: SaidRecord | undefined,
  told: Said | undefined,
): Pick<Words, 'author' | 'words' | 'at'> {
  if (told !== undefined && (known === undefined || told.at >= known.at))
    return { author: told.author ?? known?.author ?? null, words: told.text, at: told.at };
  return { author: known?.author ?? null, words: known?.words ?? '', at: known?.at ?? 0 };
}

function laterRoot(
  known: SaidRecord | undefined,
  told: Said | undefined,
): Pick<Words, 'rootAuthor' | 'rootWords' | 'rootAt'> {
  if (told !== undefined && told.at >= (known?.rootAt ?? 0))
    return { rootAuthor: told.author, rootWords: told.text, rootAt: told.at };
  const { rootAuthor = null, rootWords = null, rootAt = null } = known ?? {};
  return { rootAuthor, rootWords, rootAt };
}

async function changeSaid(scope: Scope, known: SaidRecord, words: Words): Promise<void> {
  const changed = Object.entries(words).filter(([name, value]) => known[name as keyof Words] !== value);
  if (changed.length === 0) return;
  const { numUpdatedRows } = await scope.db
    .updateTable('said')
    .set(Object.fromEntries(changed))
    .where('id', '=', known.id)
    .executeTakeFirst();
  // The message was deleted meanwhile: words without a row would stay in the index.
  if (numUpdatedRows === 0n) return;
  const isSaid = changed.some(([name]) => name === 'words' || name === 'rootWords');
  if (isSaid) await indexRows(scope, [{ ...known, ...words }]);
}

function indexRow(
  scope: Scope,
  row: SaidRecord,
  { called, isNew = false, isHidden = false }: { called: Called; isNew?: boolean; isHidden?: boolean },
): Promise<void> {
  const texts = [row.words, row.rootWords ?? ''].map(soughtIn);
  return indexSaid(scope, { id: row.id, channels: isHidden ? [] : [row.channelId], texts, called, isNew });
}

/** Brings the index in line with rows that were changed, moved to another channel, or brought back by a rebuild. */
export async function indexRows(scope: Scope, rows: readonly SaidRecord[]): Promise<void> {
  const standing = await standingOf(
    scope,
    rows.map(({ id }) => id),
  );
  for (const row of rows) await indexRow(scope, row, standing.get(row.id) ?? { called: NAMELESS });
}

/** The first message of a thread was changed: what is kept of it with the files of the thread follows. */
export async function rootWasChanged(
  catalog: Catalog,
  { teamId, channelId, ts }: Omit<Place, 'fileId'>,
  said: Said,
): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    const root = { ...said, text: wordsSaid(said) };
    for (const row of await ofThread(scope, { teamId, channelId, ts }))
      if (row.rootWords !== null) await changeSaid(scope, row, { ...row, ...laterRoot(row, root) });
  });
}

/** A message is gone: nobody finds a file by it any more, nor by a thread that it began. */
export async function messageIsGone(
  catalog: Catalog,
  { teamId, channelId, ts }: Omit<Place, 'fileId'>,
  at: number,
): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    await sql`delete from said where team_id = ${teamId} and channel_id = ${channelId} and ts = ${ts}`.execute(
      scope.db,
    );
    const nothing = { author: null, text: '', at };
    for (const row of await ofThread(scope, { teamId, channelId, ts }))
      await changeSaid(scope, row, { ...row, ...laterRoot(row, nothing) });
  });
}

/** Always in the same order: where the database has row locks, they are locked until the transaction ends. */
function ofThread(
  { db, kind }: Scope,
  { teamId, channelId, ts }: Omit<Place, 'fileId'>,
): Promise<SaidRecord[]> {
  return db
    .selectFrom('said')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .where('threadTs', '=', ts)
    .orderBy('id')
    .$if(kind === 'postgres', (query) => query.forUpdate())
    .execute();
}

/**
 * What was said in messages that do not hold the file any more goes, unless Slack only deleted the file itself; where that is only
 * guessed, it is hidden, and is there again when the guess was wrong. `shares` are the file's as they are now.
 */
export async function followShares(
  scope: Scope,
  { teamId, fileId, slackDeletedAt }: FileRecord,
  shares: readonly ShareRecord[],
): Promise<void> {
  // Of all others nobody ever told that they are gone.
  const told = shares.filter(({ heardAt, removedAt }) => heardAt !== null || removedAt !== null);
  if (told.length === 0) return;
  const places = new Map(told.map((share) => [`${share.channelId} ${share.ts}`, share]));
  const rows = await scope.db
    .selectFrom('said')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .$if(scope.kind === 'postgres', (query) => query.orderBy('id').forUpdate())
    .execute();
  const here = rows.filter((row) => places.has(`${row.channelId} ${row.ts}`));
  const isGone = (row: SaidRecord) =>
    slackDeletedAt === null && isSurelyGone(places.get(`${row.channelId} ${row.ts}`) as ShareRecord);
  for (const { id } of here.filter(isGone)) await scope.db.deleteFrom('said').where('id', '=', id).execute();
  await indexRows(
    scope,
    here.filter((row) => !isGone(row)),
  );
}

/** The file has another name: what was said with it is found by that (said-due.ts). */
export async function followName(scope: Scope, { teamId, fileId }: FileRef): Promise<void> {
  const { db, kind } = scope;
  const ofFile = sql`from said where team_id = ${teamId} and file_id = ${fileId}`;
  if (kind === 'sqlite')
    await sql`insert into said_due (id) select id ${ofFile} on conflict do nothing`.execute(db);
  else
    await indexRows(
      scope,
      (await sql<SaidRecord>`select * ${ofFile} order by id for update`.execute(db)).rows,
    );
}

/** All that was said with a file goes: the file is gone for good. */
export async function forgetSaid({ db }: Scope, { teamId, fileId }: FileRef): Promise<void> {
  await sql`delete from said where team_id = ${teamId} and file_id = ${fileId}`.execute(db);
}

/**
 * A channel has another id from now on. Of a message that is known under both, the row under the new one stays. Call it when
 * `channel_file` has the new id.
 */
export async function moveSaid(scope: Scope, teamId: string, oldId: string, newId: string): Promise<void> {
  const { db } = scope;
  await sql`delete from said where team_id = ${teamId} and channel_id = ${oldId} and exists (
    select 1 from said o where o.team_id = said.team_id and o.file_id = said.file_id and o.channel_id = ${newId}
      and o.ts = said.ts)`.execute(db);
  await sql`update said set channel_id = ${newId} where team_id = ${teamId} and channel_id = ${oldId}`.execute(
    db,
  );
  // There may be many thousands; a few of them at a time are put into the index (said-due.ts). Whoever does so just now is waited for:
  // it may have read the old channel.
  await sql`insert into said_due (id) select id from said where team_id = ${teamId} and channel_id = ${newId}
    union all select distinct -f.id from channel_file c
      join file f on f.team_id = c.team_id and f.file_id = c.file_id
      where c.team_id = ${teamId} and c.channel_id in (${sql.join(bothKeys(newId))}) and f.facts <> '{}'
    on conflict (id) do update set id = excluded.id`.execute(db);
}
