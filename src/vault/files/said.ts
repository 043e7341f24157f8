import { ownWords } from '../../catalog/derived/own-words.ts';
import type { SaidRecord } from '../../catalog/files/said.ts';
import { saidOf } from '../../catalog/files/said-of.ts';
import type { FileRow, FoundFile } from '../../catalog/model.ts';
import { placesIn } from '../../catalog/search/said.ts';
import { snippetOf } from '../../contents/snippet.ts';
import { momentOf } from '../../slack/shapes.ts';
import { RANK } from '../../text/match-rank.ts';
import { namedIn, readWords } from '../../text/said-words.ts';
import type { Vault } from '../context.ts';
import { namesOfChannels, namesOfPeople } from '../names.ts';
import { searchedTexts } from './searched.ts';

/** Something that was said with a file, as a person may read it. */
export interface SaidLine {
  text: string;
  /** In its message or the first one of the thread; else what Slack tells of the file itself. */
  of: 'message' | 'thread' | 'file';
  /** Their name; null for an app, or where nobody knows it. */
  author: string | null;
  /** When it was said (ms); null for what is told of the file. */
  at: number | null;
}

type Told = Omit<SaidLine, 'author'> & { authorId: string | null };

/** What Details show of it at most: the newest. */
const MOST_SHOWN = 3;

/**
 * Where files that were found by what was said with them have these words, by file id: the best place of each. The files must be
 * those that the person may see; `channelIds` are the channels that they see.
 */
export async function saidSnippets(
  vault: Vault,
  { files, channelIds, asked }: { files: readonly FoundFile[]; channelIds: readonly string[]; asked: string },
): Promise<ReadonlyMap<string, SaidLine>> {
  const found = files.filter(({ rank }) => rank === RANK.said);
  if (found.length === 0) return new Map();
  const rows = Map.groupBy(await saidWith(vault, found, channelIds), ({ fileId }) => fileId);
  const best = new Map<string, Told>();
  for (const file of found) {
    const all = [...(rows.get(file.fileId) ?? []).flatMap(toldIn), ...toldOf(file)];
    const told = await placeOf(all, asked);
    if (told !== undefined) best.set(file.fileId, told);
  }
  return readable(vault, best, channelIds);
}

/**
 * What was said with a file in these channels, the newest first, for somebody who sees them; and how a picture is described, if any
 * channel where they have it wants that: `heldIn`.
 */
export async function saidLines(
  vault: Vault,
  file: FileRow,
  { channelIds, heldIn }: { channelIds: readonly string[]; heldIn: readonly string[] },
): Promise<SaidLine[]> {
  const rows = await saidWith(vault, [file], channelIds);
  const told = rows.flatMap((row) => toldIn(row).slice(0, 1)).filter(({ text }) => text !== '');
  const picture = file.facts.altText;
  const shown = [
    ...told.slice(0, MOST_SHOWN),
    ...(picture === undefined || !(await isSearchedIn(vault, heldIn)) ? [] : [toldOfFile(picture)]),
  ];
  const lines = await readable(vault, new Map(shown.map((one, at) => [String(at), one])), channelIds);
  return shown.flatMap((_, at) => lines.get(String(at)) ?? []);
}

/** Whether what was said is searched in any of these channels, as their own settings say, else the vault's. */
async function isSearchedIn(vault: Vault, channelIds: readonly string[]): Promise<boolean> {
  const { said } = searchedTexts(vault);
  const reach = { teamId: vault.identity.teamId, channelIds: [...channelIds], hidden: [], ownUserId: '' };
  return (await placesIn(vault.catalog, reach, said)).seen.length > 0;
}

function saidWith(
  { catalog, identity: { teamId }, ...vault }: Vault,
  files: readonly FileRow[],
  channelIds: readonly string[],
): Promise<SaidRecord[]> {
  const fileIds = files.map(({ fileId }) => fileId);
  return saidOf(catalog, { teamId, fileIds, channelIds, byDefault: searchedTexts(vault).said });
}

function toldIn({ author, words, ts, rootAuthor, rootWords, threadTs }: SaidRecord): Told[] {
  const message = { text: words, of: 'message' as const, authorId: author, at: momentOf(ts) };
  if (rootWords === null || threadTs === null) return [message];
  return [message, { text: rootWords, of: 'thread', authorId: rootAuthor, at: momentOf(threadTs) }];
}

const toldOfFile = (text: string): Told => ({ text, of: 'file', authorId: null, at: null });
const toldOf = ({ facts }: FileRow): Told[] => ownWords(facts).map(toldOfFile);

/** The text with the most of the words; of equal ones the first. */
async function placeOf(all: readonly Told[], asked: string): Promise<Told | undefined> {
  const [first] = await Promise.all(
    all.map(async (told) => ({ told, place: await snippetOf([{ text: told.text, page: null }], asked) })),
  ).then((places) =>
    places
      .filter(({ place }) => place !== null)
      .sort((a, b) => (b.place?.words ?? 0) - (a.place?.words ?? 0)),
  );
  return first && { ...first.told, text: first.place?.text ?? '' };
}

async function readable<Key>(
  vault: Vault,
  told: ReadonlyMap<Key, Told>,
  channelIds: readonly string[],
): Promise<ReadonlyMap<Key, SaidLine>> {
  const named = [...told.values()].map(({ text }) => namedIn(text));
  const seen = new Set(channelIds);
  const [people, channels] = await Promise.all([
    namesOfPeople(vault, [
      ...[...told.values()].map(({ authorId }) => authorId),
      ...named.flatMap((one) => one.people),
    ]),
    // The name of a channel that they do not see is none of their business.
    namesOfChannels(
      vault,
      named.flatMap((one) => one.channels).filter((id) => seen.has(id)),
    ),
  ]);
  return new Map(
    [...told].map(([key, { text, of, authorId, at }]) => [
      key,
      { text: readWords(text, { people, channels }), of, author: people.get(authorId ?? '') ?? null, at },
    ]),
  );
}
