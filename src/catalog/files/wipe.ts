import { sql } from 'kysely';
import { othersTurn } from '../../others-turn.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { mergeGone } from '../postings/merge-gone.ts';
import { dropWordsLeft } from './words-left.ts';

/**
 * After a name was forgotten, words that only names from before had go (words-left.ts), on both databases. And what SQLite's file still
 * has of it goes, too. A deleted row of a search index only gets a mark; its words go
 * when the index's segments are merged, for which so few marks are no reason (sqlite.org/fts5.html, "deletemerge"). And free pages
 * keep what they had until they are written again. So the segments are merged, and free pages filled, in small steps in the
 * background. (Within pages that are in use, what is deleted is overwritten at once: `secure_delete = fast`, see db/open.ts.)
 * PostgreSQL does the like of that by itself (vacuum).
 */
const INDEXES = ['file_text', 'find_spelling', 'said_words'];

/** So many pages are merged or filled in a step: a few ms. */
const PAGES = 64;
/** So many times as many are given back in a step. */
const GIVEN_BACK = 20;
/** Several files are often forgotten one after the other. */
const PATIENCE_MS = 60 * 60_000;

/** Has {@link wipe} run in an hour, or at the time that was set before. */
export async function wantWipe({ db }: Scope, now: number): Promise<void> {
  await sql`insert into chore (name, memo, due_at) values ('wipe', ${JSON.stringify({ now })}, ${now + PATIENCE_MS})
    on conflict (name) do update set memo = excluded.memo, due_at = coalesce(chore.due_at, excluded.due_at)`.execute(
    db,
  );
}

/** Ends a wipe; it runs again if more was forgotten meanwhile. */
export async function wipeDone({ db }: Scope, owner: string, memo: object, now: number): Promise<void> {
  await sql`update chore set lease_owner = null, attempts = 0,
      due_at = case when memo = ${JSON.stringify(memo)} then null else cast(${now + PATIENCE_MS} as bigint) end
    where name = 'wipe' and lease_owner = ${owner}`.execute(db);
}

/** Calls `onStep` after each step; throws what it throws. It may be begun again at any time. */
export async function wipe(
  catalog: Catalog,
  now: () => number,
  onStep: () => Promise<unknown> = async () => {},
): Promise<void> {
  const step = async (work: (scope: Scope) => Promise<boolean>): Promise<boolean> => {
    const isMore = await inTransaction(catalog, work);
    await othersTurn();
    await onStep();
    return isMore;
  };
  await dropWordsLeft(step);
  // Documents that are gone leave the index of contents.
  await mergeGone(catalog, { now, onStep });
  if (catalog.kind === 'postgres') return;
  // Of one that was cut off.
  while (await step(empty));
  for (const index of INDEXES) {
    // All segments that there are, and then on with these alone: those that come meanwhile have nothing of what was forgotten.
    await step((scope) => merge(scope, index, -PAGES));
    while (await step((scope) => merge(scope, index, PAGES)));
  }
  const pages = await numberOf(catalog, sql`pragma freelist_count`);
  const size = await numberOf(catalog, sql`pragma page_size`);
  for (let filled = 0; filled < pages; filled += PAGES) await step((scope) => fill(scope, PAGES * size));
  while (await step(empty));
}

/**
 * Merges a part of an index; a number below nought takes all segments in. False when there is nothing left to merge: then fewer than two rows change (sqlite.org/fts5.html, "merge").
 */
async function merge({ db }: Scope, index: string, pages: number): Promise<boolean> {
  const changes = () => numberOf({ db }, sql`select total_changes()`);
  const before = await changes();
  const table = sql.table(index);
  await sql`insert into ${table} (${table}, rank) values ('merge', ${pages})`.execute(db);
  return (await changes()) - before >= 2;
}

/** Free pages are taken into use, which writes them anew, until the end. */
async function fill({ db }: Scope, bytes: number): Promise<boolean> {
  await sql`insert into wipe_room (room) values (zeroblob(${bytes}))`.execute(db);
  return true;
}

/** Gives some of them back. False when none is left. */
async function empty({ db }: Scope): Promise<boolean> {
  const { rows } =
    await sql`delete from wipe_room where rowid in (select rowid from wipe_room limit ${sql.lit(GIVEN_BACK)})
    returning rowid`.execute(db);
  return rows.length === GIVEN_BACK;
}

async function numberOf({ db }: Pick<Scope, 'db'>, query: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await query.execute(db);
  return Number(Object.values(rows[0] as object)[0]);
}
