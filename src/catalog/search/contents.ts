import { type RawBuilder, sql } from 'kysely';
import { readsContents } from '../../text-modes.ts';
import { isAmong, numberTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { channelOfKey } from '../files/channel-keys.ts';
import { ownTexts } from '../governance/rules.ts';
import type { FileRef, FileVersion, ListFilter } from '../model.ts';
import { IdSet } from '../postings/document-set.ts';
import { nameKey, pairKey, UNKNOWN_PAIRS, wordKey } from '../postings/keys.ts';
import { type Held, lookUp } from '../postings/look-up.ts';
import { pairsOfPhrases } from '../reading/pairs.ts';
import type { Budget } from './budget.ts';
import type { Candidates } from './candidates.ts';
import type { Known } from './known.ts';
import type { Reach } from './reach.ts';
import { type Asked, soughtOf, wordsIn } from './sought.ts';
import type { Search } from './spans.ts';
import { not, type WordCondition, withSet } from './word-condition.ts';
import { channelSetsIn, MOST_CHANNEL_SETS } from './word-index.ts';

export interface FoundFiles {
  files: Candidates;
  /** The condition that the file `f` is one of them. */
  isFound: WordCondition;
}

/** Files by the words in them. */
export interface Holding extends FoundFiles {
  /** The search that they must meet besides. */
  base: Search;
}

/** Whose question it is, its time, and what it learnt until now. */
type Question = Pick<Search, 'reach' | 'budget'> & { known?: Known | undefined };

/**
 * Files whose text has all of these words, in any of their forms, or has some and their name the others, and most likely has them as they
 * stand in quotes (sought.ts); the newest version, or an older one alone. What is to be left out is a condition of the search besides
 * ({@link notInContents}). The index leaves out what is in channels that the person does not see, as far as these are few enough to be
 * told apart. Files count only where the person sees them in a channel whose files are read; `byDefault`: whether those without a setting
 * of their own are. Null for a question without words, and where no channel is read.
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
  const found = await filesWith(scope, filter, base, { channelSets, without });
  if (found === null) return null;
  const isFound = inSet(scope, found, isRead);
  return { files: isFound.among, isFound, base };
}

/** With more, a list of them is only made when it is asked for. */
const MOST_LISTED = 20_000;

/** The condition that the file `f` is in a set, and meets `also`. */
function inSet({ kind }: Scope, { set, within }: Found, also: RawBuilder<unknown>) {
  const isMany = set.size >= MOST_LISTED;
  const known = isMany ? [] : [...set];
  const among: Candidates = {
    ids: {
      get table() {
        return numberTable(kind, isMany ? [...set] : known);
      },
    },
    wholly: false,
    within,
    ...(isMany ? { atLeast: set.size } : { known }),
  };
  return { ...withSet(kind, set, alsoOf(also)), among };
}

/** The channel sets of a reach, if there are few enough for this index. */
async function setsOfTexts(
  scope: Scope,
  { reach, pace: { setsOfTexts = MOST_CHANNEL_SETS.contents } }: Search,
) {
  const { teamId, channelIds, hidden, channelSets } = reach;
  return channelSets ?? channelSetsIn(scope, teamId, [...channelIds, ...hidden], setsOfTexts);
}

/** The same as a condition for the file `f`, whatever channels it is in. Null as there. */
export async function hasInContents(
  scope: Scope,
  filter: Asked,
  question: Question,
  byDefault: boolean,
): Promise<WordCondition | null> {
  const isRead = await readIn(scope, question.reach, byDefault);
  const found = isRead && (await filesWith(scope, filter, question));
  return found && inSet(scope, found, isRead);
}

/** The conditions that the newest version of the file `f` has none of these texts, where files are read. */
export async function notInContents(
  scope: Scope,
  texts: readonly string[],
  question: Question,
  byDefault: boolean,
): Promise<WordCondition[]> {
  const asked = leftOutBy(texts);
  const isRead = asked.length === 0 ? null : await readIn(scope, question.reach, byDefault);
  if (isRead === null) return [];
  const conditions: WordCondition[] = [];
  for (const groups of asked) {
    const { newest } = await heldBy(scope, { groups }, question);
    conditions.push(not(withSet(scope.kind, newest, alsoOf(isRead))));
  }
  return conditions;
}

/**
 * Files that meet these conditions, where nearly all files are in a set and are to be in none: the others are few, and nothing else need be
 * looked at.
 */
export async function othersThan(
  { db, kind }: Scope,
  conditions: readonly WordCondition[],
): Promise<Candidates[]> {
  const sets = conditions.flatMap(({ of }) => (of?.isNot && of.also === null ? [of.set] : []));
  if (sets.length === 0) return [];
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from file`.execute(db);
  const others = sets.map((set) => set.others(rows[0]?.last ?? 0, MOST_OTHERS));
  return others.flatMap((known) =>
    known === undefined ? [] : [{ ids: { table: numberTable(kind, known) }, wholly: false, known }],
  );
}

/** As many are checked one by one. */
const MOST_OTHERS = 8_000;

/** What documents have that are to be left out, for each text that has words: these, one after the other. */
const leftOutBy = (texts: readonly string[]): Array<Sought['groups']> =>
  texts
    .map((text) => [
      ...pairsOfPhrases([text]).map((pair) => [pairKey(pair), UNKNOWN_PAIRS]),
      ...wordsIn(text).map((word) => [wordKey(word)]),
    ])
    .filter((groups) => groups.length > 0);

const EVERYWHERE = sql``;
const alsoOf = (isRead: RawBuilder<unknown>) => (isRead === EVERYWHERE ? null : isRead);

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
  return sql` and (${isAt(seen)} or ((f.uploader_id = ${ownUserId}) is true and ${isAt(theirs)}))`;
}

type Sought = Parameters<typeof lookUp>[1];

/** What the index is asked for; null without words. Pairs come first: few documents have them. */
function soughtKeys(asked: Asked): Pick<Sought, 'groups'> | null {
  const sought = soughtOf(asked);
  if (sought === null) return null;
  const { inText, either } = sought;
  return {
    groups: [
      ...pairsOfPhrases(asked.phrases).map((pair) => [pairKey(pair), UNKNOWN_PAIRS]),
      ...inText.map((word) => [wordKey(word)]),
      ...either.map((word) => [wordKey(word), nameKey(word)]),
      // Not all of them are in the name alone.
      ...(inText.length > 0 || either.length === 0 ? [] : [either.map(wordKey)]),
    ],
  };
}

/** Files of which a version has the words, and the part of all documents that were looked at. */
interface Found {
  set: IdSet;
  within: number;
}

/** Null without words. */
async function filesWith(
  scope: Scope,
  asked: Asked,
  question: Pick<Question, 'budget' | 'known'>,
  narrower: { channelSets?: readonly number[] | undefined; without?: readonly string[] } = {},
): Promise<Found | null> {
  const keys = soughtKeys(asked);
  if (keys === null) return null;
  const without = leftOutBy(narrower.without ?? []);
  const { newest, older, within } = await heldBy(
    scope,
    { ...keys, channelSets: narrower.channelSets, without },
    question,
  );
  if (older.size === 0) return { set: newest, within };
  const files = newest.copy();
  await addFilesOf(scope, [...older], files);
  return { set: files, within };
}

const NOTHING = (): Held => ({ newest: new IdSet(), older: new IdSet(), within: 1 });

/** Asked once for a question. Nothing where the time is up. */
async function heldBy(
  scope: Scope,
  sought: Sought,
  { budget, known }: { budget: Budget; known?: Known | undefined },
): Promise<Held> {
  const key = JSON.stringify(sought);
  const before = known?.held.get(key);
  if (before !== undefined) return before;
  const held = await lookUp(scope, sought, { hasTime: () => budget.hasTime() });
  if (held !== undefined) known?.held.set(key, held);
  return held ?? NOTHING();
}

/** So many versions are looked up by one statement. */
const VERSIONS = 5_000;

/** Adds the files of these older versions. */
async function addFilesOf({ db, kind }: Scope, versions: readonly number[], files: IdSet): Promise<void> {
  for (let at = 0; at < versions.length; at += VERSIONS) {
    const { rows } = await sql<{ id: number }>`
      select f.id from ${numberTable(kind, versions.slice(at, at + VERSIONS))} m
      cross join file_version v join file f on f.team_id = v.team_id and f.file_id = v.file_id
      where v.id = m.id and v.lost_at is null`.execute(db);
    for (const { id } of rows) files.add(id);
  }
}

type VersionFacts = Pick<FileVersion, 'number' | 'sha256' | 'storedAt'>;

/** The versions of a file that have these words, the newest of all first (`number` 0), and whether the newest of all is among them. */
async function heldVersions(
  scope: Scope,
  { teamId, fileId }: FileRef,
  asked: Asked,
): Promise<VersionFacts[]> {
  const keys = soughtKeys(asked);
  if (keys === null) return [];
  const { rows } = await sql<VersionFacts & { id: number }>`
    select f.id, f.sha256, f.stored_at, 0 as number from file f
      where f.team_id = ${teamId} and f.file_id = ${fileId} and f.sha256 is not null
    union all select -v.id as id, v.sha256, v.stored_at, v.number from file_version v
      where v.team_id = ${teamId} and v.file_id = ${fileId} and v.lost_at is null`.execute(scope.db);
  if (rows.length === 0) return [];
  const held = await lookUp(scope, keys, { among: rows.map(({ id }) => id) });
  return rows
    .filter(({ id }) => (id > 0 ? held?.newest.has(id) : held?.older.has(-id)))
    .sort((a, b) => (a.number === 0 ? -1 : b.number === 0 ? 1 : b.number - a.number))
    .map(({ number, sha256, storedAt }) => ({ number, sha256, storedAt }));
}

/**
 * The versions of a file that have these words, and may have them as they stand in quotes, the newest first; `number` is null for the
 * newest of all.
 */
export async function versionsHolding(
  scope: Scope,
  ref: FileRef,
  filter: Asked,
): Promise<Array<Omit<VersionFacts, 'number'> & { number: number | null }>> {
  const held = await heldVersions(scope, ref, filter);
  return held.map((one) => ({ ...one, number: one.number === 0 ? null : one.number }));
}

/**
 * The newest of the older versions of a file that alone has these words; undefined if the newest version of all has them, or none
 * has.
 */
export async function olderVersionWith(
  scope: Scope,
  ref: FileRef,
  asked: Omit<Asked, 'phrases'>,
): Promise<VersionFacts | undefined> {
  const [first] = await heldVersions(scope, ref, asked);
  return first?.number === 0 ? undefined : first;
}
