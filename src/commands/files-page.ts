import type { Screen } from '../blocks/elements.ts';
import { LIST_PAGE_SIZE } from '../blocks/limits.ts';
import { listScreen } from '../blocks/list.ts';
import { isKnownChannel } from '../catalog/channels.ts';
import { rulesOf } from '../catalog/govern/rules.ts';
import type { ListCursor, ListedFile, ListFilter } from '../catalog/model.ts';
import { type FoundPage, findFiles, type Viewer } from '../catalog/search/find.ts';
import { UserError } from '../errors.ts';
import { refuseWhileLost } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import { filterWords, parseFilter } from '../vault/query/filter.ts';

export interface PageAsked {
  userId: string;
  /** The channel that is listed; empty for every one that the person may see. */
  channelId: string;
  query: string;
  cursor?: ListCursor;
  inModal?: boolean;
  note?: string;
  /** Others read the answer too, so nothing is offered that only some of them may do. */
  forAll?: boolean;
}

/**
 * One page of files as a screen. A channel that the person cannot see shows as one without files, whether they list it
 * or name it in the words. Throws `UserError` for words that cannot be read. What was found for it already is not looked
 * for again.
 */
export async function filesPage(vault: Vault, asked: PageAsked, known?: Found): Promise<Screen> {
  const { userId, query, cursor, inModal, note, forAll = false } = asked;
  const mayDelete = await vault.rights.deletes(userId);
  const { filter, channelId, page } = known ?? (await findPage(vault, asked));
  return listScreen({
    channelId,
    page,
    filter,
    query,
    typed: filterWords(query, 'words'),
    time: filterWords(query, 'time'),
    now: vault.now(),
    mayDelete: (file) => !forAll && mayDelete(file),
    maxBytes: await limitsOf(vault, page.files),
    paged: cursor !== undefined,
    ...(inModal === undefined ? {} : { inModal }),
    ...(note === undefined ? {} : { note }),
  });
}

/** The most bytes that the channels take of which some files were too large. */
export async function limitsOf(
  { catalog, identity, policy }: Vault,
  files: ListedFile[],
): Promise<(file: ListedFile) => number | null> {
  const tooLarge = files.filter(({ reason }) => reason === 'too_large');
  const channelIds = tooLarge.map(({ listedChannelId }) => listedChannelId);
  const rules = await rulesOf(catalog, identity.teamId, new Set(channelIds), policy);
  return ({ listedChannelId }) => rules.get(listedChannelId)?.maxFileBytes ?? null;
}

export interface Found {
  filter: ListFilter;
  channelId: string;
  page: FoundPage;
}

/** The files of a page, with the filter that the words came to. */
export async function findPage(
  vault: Vault,
  { userId, channelId, query, cursor }: PageAsked,
): Promise<Found> {
  const limit = LIST_PAGE_SIZE;
  const person = await vault.people.person(userId);
  const filter = parseFilter(query, { now: vault.now(), timeZoneOffset: person.timeZoneOffset });
  const viewer = await viewerOf(vault, userId, channelId, filter);
  const page = await findFiles(vault.catalog, { viewer, filter, limit, ...(cursor ? { cursor } : {}) });
  return { filter, channelId, page };
}

/** Whose files are looked through. A channel that the person cannot see counts as one without files. */
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
  if (channelId !== '' && named !== undefined && named !== channelId) {
    throw new UserError(
      'one_channel',
      'This lists one channel only. Leave the other out, or use `/vault find` to look everywhere.',
    );
  }
  const asked = channelId !== '' ? channelId : (named as string);
  // Nothing was ever shared in a channel that nobody has heard of, so Slack is not asked about made-up ones.
  if (!(await isKnownChannel(vault.catalog, teamId, asked))) return { teamId, channelIds: [] };
  const sees = await vault.rights.maySeeChannel(userId, asked);
  // Where it was typed, the person is; somewhere else, it might say that there is such a channel.
  if (!sees && channelId !== '') await refuseWhileLost(vault, channelId);
  return { teamId, channelIds: sees ? [asked] : [] };
}
