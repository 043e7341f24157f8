import { type RawBuilder, sql } from 'kysely';
import { keepsWords } from '../../text-modes.ts';
import { isAmong } from '../db/dialect.ts';
import type { DatabaseKind, Scope } from '../db/schema.ts';
import { channelOfKey } from '../files/channel-keys.ts';
import { isSaidBehind } from '../files/said-due.ts';
import { ownTexts } from '../governance/rules.ts';
import { searchedWords } from '../reading/words.ts';
import type { Budget } from './budget.ts';
import type { Candidates, InSteps } from './candidates.ts';
import type { FoundFiles, Holding } from './contents.ts';
import { channelToken, nameToken } from './index-terms.ts';
import type { Known } from './known.ts';
import type { Reach } from './reach.ts';
import {
  type Asked,
  MOST_WORDS,
  partsOf,
  quoted,
  type Sought,
  soughtOf,
  termsOf,
  wordsIn,
} from './sought.ts';
import type { Search } from './spans.ts';
import {
  below,
  hasTerms,
  hasTermsIn,
  type IdRange,
  not,
  rareIn,
  type WordCondition,
} from './word-condition.ts';

/** What is told of the files themselves stands under their numbers, below nought. */
const MOST_ROWS = Number.MAX_SAFE_INTEGER;

/** With more channels than this, putting them together takes longer than it saves: some 30 ms for so many. */
const MOST_CHANNELS = 500;

/** Who is in no more than this is always told apart; of those in more, not who sees everything. */
const FEW_CHANNELS = 64;

/**
 * Files by what was said with them: in a message that shared them, in any of its forms, or in what Slack tells of the file itself.
 * All words must be in one message, or some there and the others in the file's name (sought.ts); those in quotes together and in their
 * order, in the message. What was said in a channel counts only for those who
 * see that channel, whatever else shows them the file: for others it is neither found nor missed, not even by a word to be left
 * out, which is a condition of the search besides ({@link neverSaid}). `byDefault`: whether channels without a setting of their own
 * are searched. Null for a question without words, and where no channel is searched.
 */
export async function filesSaid(
  scope: Scope,
  filter: Asked,
  base: Search,
  byDefault: boolean,
): Promise<Holding | null> {
  const found = await foundIn(scope, filter, base, byDefault);
  return found && { ...found, base };
}

/** Whose search it is, what tells them that the index lacks something, and what was learnt until now. */
interface For {
  reach: Reach;
  budget: Budget;
  known?: Known | undefined;
}

/** The same as a condition for the file `f`, for somebody with this reach. Null as there. */
export async function wasSaid(
  scope: Scope,
  filter: Asked,
  whose: For,
  byDefault: boolean,
): Promise<WordCondition | null> {
  return (await foundIn(scope, filter, whose, byDefault))?.isFound ?? null;
}

/** The conditions that none of these texts was said with the file `f`, as far as somebody with this reach may know. */
export async function neverSaid(
  scope: Scope,
  texts: readonly string[],
  { reach, budget }: For,
  byDefault: boolean,
): Promise<WordCondition[]> {
  const asked = texts.filter((text) => wordsIn(text).length > 0);
  if (asked.length === 0) return [];
  const places = await placesIn(scope, reach, byDefault);
  if (places.all.length === 0) return [];
  await bringUpToDate(scope, budget);
  const make = scope.kind === 'postgres' ? onPostgres : onSqlite;
  return asked.map((text) => not(make(places, { inText: [], either: [], phrases: [text] }).isFound));
}

/** Once a question is enough. */
async function bringUpToDate(scope: Scope, budget: Budget): Promise<void> {
  if (!budget.isBehind && (await isSaidBehind(scope))) budget.fallBehind();
}

async function foundIn(
  scope: Scope,
  asked: Asked,
  { reach, budget, known }: For,
  byDefault: boolean,
): Promise<FoundFiles | null> {
  const sought = soughtOf(asked);
  if (sought === null) return null;
  const places = await placesIn(scope, reach, byDefault);
  if (places.all.length === 0) return null;
  await bringUpToDate(scope, budget);
  const asks = { ...sought, phrases: asked.phrases ?? [] };
  const key = JSON.stringify([asks, places]);
  const before = known?.said.get(key);
  if (before !== undefined) return before;
  const found =
    scope.kind === 'postgres'
      ? onPostgres(places, asks)
      : onSqlite(places, asks, await isNarrowed(scope, reach.teamId, places.all));
  known?.said.set(key, found);
  return found;
}

/** The channels of a reach where what was said is searched: those that the person sees, and others, for their own uploads alone. */
export interface SaidPlaces {
  seen: string[];
  hidden: string[];
  all: string[];
  ownUserId: string;
}

export async function placesIn(
  scope: Scope,
  { teamId, channelIds, hidden, ownUserId }: Pick<Reach, 'teamId' | 'channelIds' | 'hidden' | 'ownUserId'>,
  byDefault: boolean,
): Promise<SaidPlaces> {
  const own = await ownTexts(scope, teamId);
  const isSearched = (key: string) => {
    const text = own.get(channelOfKey(key));
    return text === undefined ? byDefault : keepsWords(text);
  };
  const [seen, theirs] = [channelIds.filter(isSearched), hidden.filter(isSearched)];
  return { seen, hidden: theirs, all: [...seen, ...theirs], ownUserId };
}

interface SoughtSaid extends Sought {
  /** As typed. */
  phrases: readonly string[];
}

const inOrder = ({ phrases }: SoughtSaid) =>
  phrases
    .map((phrase) => [...searchedWords(phrase)].slice(0, MOST_WORDS))
    .filter((words) => words.length > 0);

/** That the file `f` is open in one of these places. Its own words are for all who see it there. */
function isOpenIn(kind: DatabaseKind, { seen, hidden, ownUserId }: SaidPlaces): RawBuilder<boolean> {
  const isAt = (ids: string[]) => sql<boolean>`exists (select 1 from channel_file c
    where c.team_id = f.team_id and c.file_id = f.file_id and ${isAmong(kind, 'c.channel_id', ids)})`;
  if (hidden.length === 0) return isAt(seen);
  // It is known to be false where nobody knows who uploaded it: what is left out is what does not meet this.
  return sql`(${isAt(seen)} or ((f.uploader_id = ${ownUserId}) is true and ${isAt(hidden)}))`;
}

function onPostgres(places: SaidPlaces, sought: SoughtSaid): FoundFiles {
  const { seen, all } = places;
  const inQuotes = (word: string) => `'${word.replaceAll(/['\\]/g, '$&$&')}'`;
  const inName = (word: string) => inQuotes(nameToken(word));
  const { inText, either } = sought;
  const terms = [
    ...inText.map(inQuotes),
    ...either.map((word) => `(${inQuotes(word)} | ${inName(word)})`),
    ...inOrder(sought).map((words) => `(${words.map(inQuotes).join(' <-> ')})`),
    ...(either.length === 0 || inText.length > 0 ? [] : [`!(${either.map(inName).join(' & ')})`]),
  ];
  const has = sql`said_words.words @@ ${terms.join(' & ')}::tsquery`;
  const near = sql`${has} and said_words.channels && ${all}::text[]`;
  const files: Candidates = {
    ids: {
      table: sql`(select f.id from said_words join said s on s.id = said_words.id
          join file f on f.team_id = s.team_id and f.file_id = s.file_id
          where said_words.id > 0 and ${near} and s.channel_id = any(${seen}::text[])
        union select -said_words.id as id from said_words where said_words.id < 0 and ${near})`,
    },
    wholly: true,
  };
  return {
    files,
    isFound: {
      index: 'said',
      among: files,
      isSo: () => sql`(exists (select 1 from said s join said_words on said_words.id = s.id
        where s.team_id = f.team_id and s.file_id = f.file_id and s.channel_id = any(${seen}::text[]) and ${has})
      or exists (select 1 from said_words where said_words.id = -f.id and ${has} and ${isOpenIn('postgres', places)}))`,
    },
  };
}

/** Whether SQLite's index is asked for these channels alone: where they are all that there are, none is left out. */
async function isNarrowed({ db }: Scope, teamId: string, channelIds: readonly string[]): Promise<boolean> {
  if (channelIds.length > MOST_CHANNELS) return false;
  if (channelIds.length <= FEW_CHANNELS) return true;
  // From one channel to the next: each has very many rows.
  const { rows } = await sql<{ channels: number }>`
    with recursive one(id) as (
      select min(channel_id) from audience_channel where team_id = ${teamId}
      union all select (select min(channel_id) from audience_channel where team_id = ${teamId} and channel_id > one.id)
        from one where one.id is not null limit ${MOST_CHANNELS + 2})
    select count(id) as channels from one`.execute(db);
  return (rows[0]?.channels ?? 0) > channelIds.length;
}

function onSqlite(searched: SaidPlaces, sought: SoughtSaid, isNarrow = true): FoundFiles {
  const { seen, all } = searched;
  const quotes = inOrder(sought);
  const phrases = quotes.map((words) => quoted(words.join(' ')));
  // Words first: FTS5 looks for them where they stand together from the beginning of its index.
  const terms = [...new Set(partsOf(sought, [...quotes.flat().map(quoted), ...phrases]))];
  const together = termsOf(sought, phrases);
  const places = all.map((id) => quoted(channelToken(id))).join(' OR ');
  const near = !isNarrow ? together : places === '' ? null : termsOf(sought, [...phrases, `(${places})`]);
  const isSeen = isAmong('sqlite', 's.channel_id', seen);
  const isIn = (id: RawBuilder<unknown>, ranges: readonly IdRange[] | null, only?: readonly number[]) => {
    const asked = { index: 'said_words', id, terms };
    return ranges ? hasTermsIn(asked, ranges, only) : hasTerms(asked);
  };
  const nothing = { table: sql<{ id: number }>`(select id from file where 1 = 0)` };
  const from = (row: number, most: number) => sql<{ row: number }>`select rowid as "row" from said_words
    where said_words match ${near} and rowid > ${row} order by rowid limit ${most}`;
  const fileOf = sql`case when r."row" < 0 then -r."row" else (select f.id from said s
    cross join file f on f.team_id = s.team_id and f.file_id = s.file_id where s.id = r."row" and ${isSeen}) end`;
  const words: InSteps = {
    first: -MOST_ROWS,
    apart: {
      rows: from,
      files: (rows) => sql`select id from (
        select ${fileOf} as id from (select value as "row" from json_each(${JSON.stringify(rows)})) r) where id is not null`,
    },
    after: (row, most) => sql`select r."row", ${fileOf} as id from (${from(row, most)}) r`,
  };
  const files: Candidates = { ids: near === null ? nothing : words, wholly: true };
  return {
    files,
    isFound: {
      index: 'said',
      among: files,
      isSo: (near) => {
        const { files = null, said = null, apart } = near ?? {};
        const inMessage = isIn(sql`s.id`, said, apart?.said);
        const inOwn = isIn(
          sql`-f.id`,
          files && below(files),
          apart?.files.map((id) => -id),
        );
        return sql`(exists (select 1 from said s where s.team_id = f.team_id and s.file_id = f.file_id
            and ${isSeen} and ${inMessage})
          or (${inOwn} and ${isOpenIn('sqlite', searched)}))`;
      },
      isRare: rareIn('said_words', together),
    },
  };
}
