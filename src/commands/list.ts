import type { Screen } from '../blocks/elements.ts';
import { LIST_PAGE_SIZE } from '../blocks/limits.ts';
import { listScreen } from '../blocks/list.ts';
import { listChannel } from '../catalog/list.ts';
import type { ListCursor } from '../catalog/model.ts';
import type { Vault } from '../vault.ts';
import type { Command } from './command.ts';
import { parseFilter } from './filter.ts';

export const list: Command = {
  name: 'list',
  usage: 'list [@person] [type:pdf] [after:7d] [before:2026-01-31] [words]',
  summary: 'Shows what was shared in this channel, newest first.',
  examples: ['/vault list', '/vault list @anna type:pdf', '/vault list after:7d budget'],
  async run(vault, { userId, channelId, text, reply }) {
    await reply(await listPage(vault, { userId, channelId, query: text }));
  },
};

/**
 * One page of a channel's files. Whether the person may see the channel is the caller's to know: Slack lets nobody
 * type a command in a channel that they cannot see, but a page button may be clicked much later.
 */
export async function listPage(
  vault: Vault,
  asked: { userId: string; channelId: string; query: string; cursor?: ListCursor },
): Promise<Screen> {
  const { userId, channelId, query, cursor } = asked;
  const [person, isAdmin] = await Promise.all([vault.people.person(userId), vault.rights.isAdmin(userId)]);
  const now = vault.now();
  const filter = parseFilter(query, { now, timeZoneOffset: person.timeZoneOffset });
  const { teamId } = vault.identity;
  const page = await listChannel(vault.catalog, {
    teamId,
    channelId,
    filter,
    limit: LIST_PAGE_SIZE,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const mayDelete = (file: { uploaderId: string | null }) => isAdmin || file.uploaderId === userId;
  return listScreen({ channelId, page, filter, query, now, mayDelete, paged: cursor !== undefined });
}
