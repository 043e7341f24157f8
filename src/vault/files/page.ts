import { isKnownChannel } from '../../catalog/files/channels.ts';
import { rulesOf } from '../../catalog/governance/rules.ts';
import type { ListCursor, ListedFile, ListFilter } from '../../catalog/model.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { type FoundPage, findFiles, type Viewer } from '../../catalog/search/find.ts';
import { listOfMembersOnly, oneChannel } from '../../refusals/find.ts';
import { refuseWhileLost } from '../access.ts';
import type { Vault } from '../context.ts';
import { parseFilter } from '../query/filter.ts';
import { checksOf } from '../scan/facts.ts';

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
}

/** The files of a page, and the filter that was read from the words. */
export interface Found {
  filter: ListFilter;
  channelId: string;
  page: FoundPage;
}

/** A page of files, and what this person may do with them. */
export interface FilesPage extends Found {
  /** The ids of the files that the person may delete. */
  deletable: ReadonlySet<string>;
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
  const mayDelete = await vault.rights.deletes(userId);
  const deletable = new Set(files.filter(mayDelete).map(({ fileId }) => fileId));
  const [maxBytes, checks] = await Promise.all([limitsOf(vault, files), checksOf(vault, files)]);
  return { ...found, deletable, maxBytes, checks };
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
  const { userId, channelId, query, cursor, limit, unseen = 'empty' } = asked;
  if (unseen === 'refused' && channelId !== '' && !(await vault.rights.maySeeChannel(userId, channelId))) {
    await refuseWhileLost(vault, channelId);
    throw listOfMembersOnly();
  }
  const person = await vault.people.person(userId);
  const filter = parseFilter(query, { now: vault.now(), timeZoneOffset: person.timeZoneOffset });
  const viewer = await viewerOf(vault, userId, channelId, filter);
  const page = await findFiles(vault.catalog, { viewer, filter, limit, ...(cursor ? { cursor } : {}) });
  return { filter, channelId, page };
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
