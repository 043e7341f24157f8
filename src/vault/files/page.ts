import { channels, isKnownChannel } from '../../catalog/files/channels.ts';
import { type MessageOfFile, messagesOf } from '../../catalog/files/messages.ts';
import { rulesOf } from '../../catalog/governance/rules.ts';
import type { TrashedFile } from '../../catalog/governance/trash-list.ts';
import type { ListCursor, ListedFile, ListFilter } from '../../catalog/model.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { Budget } from '../../catalog/search/budget.ts';
import type { Viewer } from '../../catalog/search/find.ts';
import { type Known, nothingKnown } from '../../catalog/search/known.ts';
import { type SortedPage, sortedFiles } from '../../catalog/search/sorted.ts';
import { findTrashed } from '../../catalog/search/trashed.ts';
import { lastTrashed } from '../../catalog/search/trashed-like.ts';
import type { Snippet } from '../../contents/snippet.ts';
import type { Zone } from '../../local-day.ts';
import { listOfMembersOnly, oneChannel } from '../../refusals/find.ts';
import type { TextMode } from '../../text-modes.ts';
import { refuseWhileLost } from '../access.ts';
import type { Vault } from '../context.ts';
import { type Named, namesOfChannels, namesOfPeople } from '../names.ts';
import type { Asking, Reading } from '../query/draft.ts';
import type { QueryNotes } from '../query/notes.ts';
import { readQuery } from '../query/read-query.ts';
import { checksOf } from '../scan/facts.ts';
import { type SaidLine, saidSnippets } from './said.ts';
import { searchedFor, searchedTexts } from './searched.ts';
import { snippetsOf } from './snippets.ts';
import { togetherIn } from './together.ts';
import { type Total, totalOf } from './total.ts';

export interface PageAsked {
  userId: string;
  /** The channel to list; empty for every channel that the person may see. */
  channelId: string;
  /** The typed text, decoded (`readTyped`). */
  query: string;
  cursor?: ListCursor;
  /** How many files a page has. */
  limit: number;
  /** If the person cannot see the channel: show it without files, or refuse. */
  unseen?: 'empty' | 'refused';
  /** A page of the trash is found, whatever else is. */
  trashFirst?: boolean;
}

/** The files of a page, and what was read from the words. */
export interface Found {
  filter: ListFilter;
  /** What the person should know of how the words were read. */
  notes: QueryNotes;
  channelId: string;
  page: SortedPage;
  viewer: Viewer;
  /** Files in the trash that the words fit. */
  trashed: TrashedFile[];
  /** There are more of them, where the trash comes first. */
  trashMore?: boolean;
  /** Not all of the trash was looked at. */
  trashStopped?: boolean;
  /** Whose days the filter speaks of. */
  zone: Zone;
  /** What was learnt on the way, for the number of files. */
  known?: Known;
  /** What is searched besides names, where words were asked for, or texts alone. */
  texts?: TextMode;
}

/** A file in the trash among what was found. */
export interface TrashedFound extends TrashedFile {
  mayRestore: boolean;
}

/** What is told of the files of a page, the same to everybody who may see them. */
export interface PageFacts {
  total: Total;
  names: Named;
  /** The message of each file, by file id. */
  messages: ReadonlyMap<string, MessageOfFile>;
  /** A piece of the text of each file that was found by its contents, by file id. */
  snippets: ReadonlyMap<string, Snippet>;
  /** What was said with each file that was found by that, by file id. */
  said: ReadonlyMap<string, SaidLine>;
}

/** A page of files, and what this person may do with them. */
export interface FilesPage extends Omit<Found, 'trashed'>, PageFacts {
  /** The ids of the files that the person may delete. */
  deletable: ReadonlySet<string>;
  /** Whether the person may put files on hold. */
  mayHold: boolean;
  /** Whether the answer may offer to share: only one that this person alone reads. */
  mayShare: boolean;
  trashed: TrashedFound[];
  /** The most bytes that each channel takes, if one of these files was too large there. */
  maxBytes: ReadonlyMap<string, number>;
  /** What the malware scanner said of the newest versions; empty if there is none. */
  checks: ReadonlyMap<string, Checked>;
}

/**
 * One page of files. A channel that the person cannot see shows none, if they list it or name it in the words; a listed
 * one may be refused instead (`unseen`). Throws `UserError`, also for words that cannot be read.
 */
export async function filesPage(vault: Vault, asked: PageAsked): Promise<FilesPage> {
  return withRights(vault, asked.userId, await findPage(vault, asked));
}

/** Adds what this person may do with the files. */
export async function withRights(vault: Vault, userId: string, found: Found): Promise<FilesPage> {
  const { files } = found.page;
  const [mayDelete, mayHold, maxBytes, checks, facts] = await Promise.all([
    vault.rights.deletes(userId),
    vault.rights.mayAudit(userId),
    limitsOf(vault, files),
    checksOf(vault, files),
    factsOf(vault, found),
  ]);
  const deletable = new Set(files.filter(mayDelete).map(({ fileId }) => fileId));
  const trashed = found.trashed.map((file) => ({ ...file, mayRestore: mayDelete(file) }));
  return { ...found, ...facts, deletable, mayHold, mayShare: true, maxBytes, checks, trashed };
}

/** How many files there are, and the names and messages of those on the page. */
export async function factsOf(
  vault: Vault,
  { page, viewer, filter, trashed, known }: Found,
): Promise<PageFacts> {
  const { catalog, identity } = vault;
  const people = [
    ...page.files.map(({ listedBy, uploaderId }) => listedBy ?? uploaderId),
    ...trashed.map(({ uploaderId }) => uploaderId),
    filter.userId ?? null,
    ...(filter.notUserIds ?? []),
  ];
  // Names of channels that the viewer does not see any more stay untold.
  const seen = new Set(viewer.channelIds);
  const places = page.files.map(({ listedChannelId }) => listedChannelId).filter((id) => seen.has(id));
  const one = viewer.channelIds.length === 1 ? viewer.channelIds : [];
  const [total, named, channels, messages, snippets, said] = await Promise.all([
    totalOf(vault, { viewer, filter, page, isFirst: page.newer === null, known }),
    namesOfPeople(vault, people),
    namesOfChannels(vault, [...places, ...one, ...(filter.notChannelIds ?? []).filter((id) => seen.has(id))]),
    messagesOf(catalog, identity.teamId, page.files),
    snippetsOf(vault, page.files, filter),
    saidSnippets(vault, { files: page.files, channelIds: viewer.channelIds, asked: filter.text ?? '' }),
  ]);
  return { total, names: { people: named, channels }, messages, snippets, said };
}

/** The most bytes that a channel takes, for each channel where one of these files was too large. */
export async function limitsOf(
  { catalog, identity, policy }: Vault,
  files: ListedFile[],
): Promise<ReadonlyMap<string, number>> {
  const tooLarge = files.filter(({ reason }) => reason === 'too_large');
  const channelIds = tooLarge.map(({ listedChannelId }) => listedChannelId);
  const rules = await rulesOf(catalog, identity.teamId, new Set(channelIds), policy);
  return new Map([...rules].map(([channelId, { maxFileBytes }]) => [channelId, maxFileBytes]));
}

/** The files of a page, without what the person may do with them. Throws like `filesPage`. */
export async function findPage(vault: Vault, asked: PageAsked): Promise<Found> {
  const { userId, channelId, query, cursor, limit, unseen = 'empty', trashFirst = false } = asked;
  if (unseen === 'refused' && channelId !== '' && !(await vault.rights.maySeeChannel(userId, channelId))) {
    await refuseWhileLost(vault, channelId);
    throw listOfMembersOnly();
  }
  const { filter, notes, zone } = await readFor(vault, userId, query);
  const viewer = await viewerOf(vault, userId, channelId, filter);
  const together = togetherIn(vault, filter);
  const known = nothingKnown();
  const asks = { viewer, filter, limit, known, ...searchedTexts(vault), together, ...(cursor && { cursor }) };
  const page = await sortedFiles(vault.catalog, asks);
  const isOfTexts = (filter.text ?? '') !== '' || filter.where === 'text';
  const texts = isOfTexts ? { texts: await searchedFor(vault, viewer) } : {};
  const found = { filter, notes, channelId, page, viewer, zone, known, ...texts };
  if (trashFirst) return { ...found, ...(await trashPage(vault, { viewer, filter, limit })) };
  return { ...found, trashed: isEnd(page) ? await trashedOf(vault, { viewer, filter, known }) : [] };
}

/** So many files of the trash are shown, after all others. */
const MOST_TRASHED = 3;

const isEnd = (page: SortedPage) => page.older === null && (!page.stopped || page.behind === true);

/** Files in the trash that the words fit. */
function trashedOf(
  { catalog }: Vault,
  asked: Pick<Found, 'viewer' | 'filter'> & { known: Known },
): Promise<TrashedFile[]> {
  return findTrashed(catalog, { ...asked, limit: MOST_TRASHED, budget: new Budget() });
}

/** Who asks for the trash itself may be told that nothing is there, so all of it is looked at. */
async function trashPage(vault: Vault, asked: Pick<Found, 'viewer' | 'filter'> & { limit: number }) {
  // A file is restored by its name, unless the words are asked of texts alone.
  const texts = asked.filter.where === 'text' ? searchedTexts(vault) : {};
  const { files, more, stopped } = await lastTrashed(vault.catalog, {
    ...{ ...asked, ...texts },
    together: togetherIn(vault, asked.filter),
  });
  return { trashed: files, trashMore: more, trashStopped: stopped };
}

/**
 * The typed text as this person means it: their days, themselves, and the channels that they may see by name. Throws
 * `UserError`.
 */
async function readFor(vault: Vault, userId: string, query: string): Promise<Reading & { zone: Zone }> {
  const { timeZone, timeZoneOffset } = await vault.people.person(userId);
  const asking: Asking = { userId, now: vault.now(), timeZone, timeZoneOffset };
  const zone = { timeZone, timeZoneOffset };
  const reading = readQuery(query, asking);
  if (reading.channelNames.length === 0) return { ...reading, zone };
  const visible = new Set(await vault.rights.visibleChannels(userId));
  const known = await channels(vault.catalog, vault.identity.teamId);
  const named = known.filter(({ channelId, name }) => name !== null && visible.has(channelId));
  const ids = new Map(named.map(({ channelId, name }) => [(name as string).toLowerCase(), channelId]));
  return { ...readQuery(query, { ...asking, channels: ids }), zone };
}

/** Which files are searched. A channel that the person cannot see counts as empty. */
async function viewerOf(
  vault: Vault,
  userId: string,
  channelId: string,
  filter: ListFilter,
): Promise<Viewer> {
  const { teamId } = vault.identity;
  const named = filter.channelId;
  if (channelId === '' && named === undefined) {
    return { teamId, channelIds: await vault.rights.visibleChannels(userId), ownUserId: userId };
  }
  if (channelId !== '' && named !== undefined && named !== channelId) throw oneChannel();
  const asked = channelId !== '' ? channelId : (named as string);
  // Nothing was ever shared in an unknown channel, so Slack is not asked about invented ones.
  if (!(await isKnownChannel(vault.catalog, teamId, asked))) return { teamId, channelIds: [] };
  const sees = await vault.rights.maySeeChannel(userId, asked);
  // Only for the channel where the person typed: for another, the refusal could reveal that it exists.
  if (!sees && channelId !== '') await refuseWhileLost(vault, channelId);
  return { teamId, channelIds: sees ? [asked] : [] };
}
