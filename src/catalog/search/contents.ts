import { type RawBuilder, sql } from 'kysely';
import { readsContents } from '../../text-modes.ts';
import { isAmong } from '../db/dialect.ts';
import type { DatabaseKind, Scope } from '../db/schema.ts';
import { channelOfKey } from '../files/channel-keys.ts';
import { ownTexts } from '../governance/rules.ts';
import type { FileRef, FileVersion, ListFilter } from '../model.ts';
import { pairsOfPhrases } from '../reading/pairs.ts';
import { wordNumbers } from '../reading/word-number.ts';
import { channelSetToken, nameToken } from './index-terms.ts';
import { type FoundFiles, type InIndex, withOlderVersions } from './older-versions.ts';
import { type MayHavePairs, mayHavePairs } from './pair-condition.ts';
import type { Reach } from './reach.ts';
import { type Asked, partsOf, quoted, type Sought, soughtOf, termsOf, wordsIn } from './sought.ts';
import type { Search } from './spans.ts';
import { allOf, hasTerms, hasTermsIn, not, rareIn, type WordCondition } from './word-condition.ts';
import { channelSetsIn, MOST_CHANNEL_SETS } from './word-index.ts';

/** Files by the words in them. */
export interface Holding extends FoundFiles {
  /** The search that they must meet besides. */
  base: Search;
}

/**
 * Files whose text has all of these words, in any of their forms, or has some and their name the others, and may have them as they
 * stand in quotes (sought.ts). What is to be left out is a condition of the search besides ({@link notInContents}). With `channelSets`,
 * files of others are left out by the index itself, so it does not matter how many of them have the words. Files count only where
 * the person sees them in a channel whose files are read; `byDefault`: whether those without a setting of their own are. Null for a
 * question without words, and where no channel is read.
 */
export async function filesHolding(
  scope: Scope,
  filter: Asked & Pick<ListFilter, 'notText'>,
  base: Search,
  byDefault: boolean,
): Promise<Holding | null> {
  const isRead = await readIn(scope, base.reach, byDefault);
  if (isRead === null) return null;
  // Where some channels are not read, files there are not left out by their text.
  const without = isRead === EVERYWHERE ? (filter.notText ?? []) : [];
  const channelSets = await setsOfTexts(scope, base);
  const found = contentsOf(scope.kind, filter, { channelSets, without });
  if (found === null) return null;
  return { ...found, isFound: where(found.isFound, isRead), base };
}

/** The channel sets of a reach, if there are few enough for this index. */
async function setsOfTexts(
  scope: Scope,
  { reach, pace: { setsOfTexts = MOST_CHANNEL_SETS.contents } }: Search,
) {
  const { teamId, channelIds, hidden, channelSets } = reach;
  return channelSets ?? channelSetsIn(scope, teamId, [...channelIds, ...hidden], setsOfTexts);
}

/** The same as a condition for the file `f`. Null as there. */
export async function hasInContents(
  scope: Scope,
  filter: Asked,
  reach: Reach,
  byDefault: boolean,
): Promise<WordCondition | null> {
  const found = contentsOf(scope.kind, filter);
  const isRead = found && (await readIn(scope, reach, byDefault));
  return isRead && where(found.isFound, isRead);
}

const where = (condition: WordCondition, more: RawBuilder<unknown>): WordCondition => {
  const { isSo, provenBy } = condition;
  const also = (known: RawBuilder<boolean>) => sql<boolean>`(${known}${more})`;
  return {
    ...condition,
    isSo: (near) => also(isSo(near)),
    ...(provenBy && { provenBy: { ...provenBy, isSo: also(provenBy.isSo) } }),
  };
};

const EVERYWHERE = sql``;

/** More conditions on the file `f`: that the person sees it where files are read. None where all are; null where none is. */
async function readIn(
  scope: Scope,
  { teamId, channelIds, hidden, ownUserId }: Reach,
  byDefault: boolean,
): Promise<RawBuilder<unknown> | null> {
  const own = await ownTexts(scope, teamId);
  const isRead = (key: string) => {
    const text = own.get(channelOfKey(key));
    return text === undefined ? byDefault : readsContents(text);
  };
  const [seen, theirs] = [channelIds.filter(isRead), hidden.filter(isRead)];
  if (seen.length + theirs.length === 0) return null;
  if (seen.length === channelIds.length && theirs.length === hidden.length) return EVERYWHERE;
  const isAt = (ids: string[]) => sql`exists (select 1 from channel_file c
    where c.team_id = f.team_id and c.file_id = f.file_id and ${isAmong(scope.kind, 'c.channel_id', ids)})`;
  return sql` and (${isAt(seen)} or (f.uploader_id = ${ownUserId} and ${isAt(theirs)}))`;
}

function contentsOf(kind: DatabaseKind, filter: Asked, narrower: Narrower = {}): FoundFiles | null {
  const index = inIndex(kind, filter, narrower);
  return index && withOlderVersions(index);
}

function inIndex(kind: DatabaseKind, asked: Asked, narrower: Omit<Narrower, 'mayHave'> = {}): InIndex | null {
  const sought = soughtOf(asked);
  if (sought === null) return null;
  const make = kind === 'postgres' ? onPostgres : onSqlite;
  return make(sought, { ...narrower, mayHave: mayHavePairs(kind, pairsOfPhrases(asked.phrases)) });
}

/** By what the index may give fewer rows. */
interface Narrower {
  mayHave?: MayHavePairs | undefined;
  channelSets?: readonly number[] | undefined;
  /** Newest versions with the words of one of these texts are of no use. */
  without?: readonly string[];
}

/** The conditions that the newest version of the file `f` has the words of none of these texts, where files are read. */
export async function notInContents(
  scope: Scope,
  texts: readonly string[],
  reach: Reach,
  byDefault: boolean,
): Promise<WordCondition[]> {
  const asked = wordsOfEach(texts);
  const isRead = asked.length === 0 ? null : await readIn(scope, reach, byDefault);
  if (isRead === null) return [];
  const make = scope.kind === 'postgres' ? onPostgres : onSqlite;
  return asked.map((words) =>
    not(where({ index: 'contents', ...make({ inText: words, either: [] }) }, isRead)),
  );
}

/** The same of each text that has any. */
const wordsOfEach = (texts: readonly string[]) => texts.map(wordsIn).filter((words) => words.length > 0);

function onPostgres(sought: Sought, { mayHave, channelSets, without = [] }: Narrower = {}): InIndex {
  const hasAll = (some: readonly string[]) => hasSought({ ...sought, inText: [...sought.inText, ...some] });
  const has = mayHave ? sql`${hasAll([])} and ${mayHave(sql`h.id`)}` : hasAll([]);
  const near = channelSets ? sql` and array[audience_id] && ${channelSets}::bigint[]` : sql``;
  // Its index cannot leave out, but give those that have the others, too. Older versions stand below nought; that is looked at
  // afterwards, else PostgreSQL may go through all ids instead, and read every text.
  const left = wordsOfEach(without).map(
    (some) => sql`except select id from (
      select id from file_contents where ${hasAll(some)}${near} offset 0) l where id > 0`,
  );
  return {
    rows: sql`select id from file_contents h where ${has}${near} ${sql.join(left, sql` `)} offset 0`,
    isIn: (id) => sql`exists (select 1 from file_contents h where h.id = ${id} and ${has})`,
    isSo: () => sql`exists (select 1 from file_contents h where h.id = f.id and ${has})`,
  };
}

/** That the array `words` has what is sought; see `termsOf` of sought.ts. */
function hasSought({ inText, either }: Sought): RawBuilder<boolean> {
  // With the few in front, PostgreSQL takes a sixth less time to look through a row.
  const hasAny = (some: readonly string[]) => sql`${wordNumbers(some)}::int4[] && words`;
  const all = [
    ...(inText.length === 0 ? [] : [sql`words @> ${wordNumbers(inText)}::int4[]`]),
    ...either.map((word) => hasAny([word, nameToken(word)])),
    ...(inText.length > 0 ? [] : [hasAny(either)]),
  ];
  return sql`${sql.join(all, sql` and `)}`;
}

function onSqlite(sought: Sought, { mayHave, channelSets, without = [] }: Narrower = {}): InIndex {
  const terms = partsOf(sought);
  const all = termsOf(sought);
  const places = channelSets?.map((id) => quoted(channelSetToken(id))).join(' OR ');
  // In no channel set there is nothing.
  const near = places === undefined ? all : places === '' ? null : termsOf(sought, [`(${places})`]);
  const left = wordsOfEach(without);
  const newest = left.reduce((known, some) => `(${known}) NOT (${allOf(some.map(quoted))})`, near ?? '');
  const also = (known: RawBuilder<unknown>, id: RawBuilder<unknown>) =>
    mayHave ? sql<boolean>`(${known} and ${mayHave(id)})` : sql<boolean>`${known}`;
  const isIn = (id: RawBuilder<unknown>) => also(hasTerms({ index: 'file_contents', id, terms }), id);
  return {
    rows: (after, most) => {
      if (near === null) return sql`select id as "row" from file where 1 = 0`;
      const from = (asked: string, row: number) =>
        sql`select rowid as "row" from file_contents where file_contents match ${asked} and rowid > ${row}`;
      if (left.length === 0 || after >= 0) return sql`${from(newest, after)} order by rowid limit ${most}`;
      // What is left out is asked of newest ones alone; older versions stand below nought.
      return sql`${from(near, after)} and rowid < 0 union all ${from(newest, 0)} order by 1 limit ${most}`;
    },
    ...(mayHave && { mayHave }),
    isIn,
    isSo: (at) => {
      const id = sql`f.id`;
      if (!at?.files) return isIn(id);
      return also(hasTermsIn({ index: 'file_contents', id, terms }, at.files, at.apart?.files), id);
    },
    isRare: rareIn('file_contents', all),
  };
}

/**
 * The versions of a file that have these words, and may have them as they stand in quotes, the newest first; `number` is null for the
 * newest of all.
 */
export async function versionsHolding(
  { db, kind }: Scope,
  { teamId, fileId }: FileRef,
  filter: Asked,
): Promise<Array<Pick<FileVersion, 'sha256' | 'storedAt'> & { number: number | null }>> {
  const index = inIndex(kind, filter);
  if (index === null) return [];
  const { isIn, isSo } = index;
  const { rows } = await sql<Pick<FileVersion, 'number' | 'sha256' | 'storedAt'>>`
    select f.sha256, f.stored_at, 0 as number from file f
      where f.team_id = ${teamId} and f.file_id = ${fileId} and f.sha256 is not null and ${isSo}
    union all select v.sha256, v.stored_at, v.number from file_version v
      where v.team_id = ${teamId} and v.file_id = ${fileId} and v.lost_at is null and ${isIn(sql`-v.id`)}`.execute(
    db,
  );
  return rows
    .sort((a, b) => (a.number === 0 ? -1 : b.number === 0 ? 1 : b.number - a.number))
    .map((row) => ({ ...row, number: row.number === 0 ? null : row.number }));
}

/**
 * The newest of the older versions of a file that alone has these words; undefined if the newest version of all has them, or none
 * has.
 */
export async function olderVersionWith(
  { db, kind }: Scope,
  { teamId, fileId }: FileRef,
  asked: Omit<Asked, 'phrases'>,
): Promise<Pick<FileVersion, 'number' | 'sha256' | 'storedAt'> | undefined> {
  const index = inIndex(kind, asked);
  if (index === null) return undefined;
  const { isIn, isSo } = index;
  const { rows } = await sql<
    Pick<FileVersion, 'number' | 'sha256' | 'storedAt'>
  >`select v.number, v.sha256, v.stored_at
    from file_version v join file f on f.team_id = v.team_id and f.file_id = v.file_id
    where v.team_id = ${teamId} and v.file_id = ${fileId} and v.lost_at is null and not ${isSo} and ${isIn(sql`-v.id`)}
    order by v.number desc limit 1`.execute(db);
  return rows[0];
}
