import { fileCard, unkeptCard } from '../blocks/file-card.ts';
import { LIST_PAGE_SIZE } from '../blocks/kit/limits.ts';
import { screenOf } from '../edge/files-page.ts';
import { getFile } from '../vault/files/get.ts';
import type { Command } from './command.ts';

export const get: Command = {
  name: 'get',
  usage: 'get <name or id>',
  summary: 'Gives you one file at once; several that match are shown to choose from.',
  examples: ['/vault get budget.xlsx', '/vault get F0AB12CD34'],
  async run(vault, { userId, channelId, text, reply }) {
    const query = text.trim();
    const got = await getFile(vault, { userId, channelId, query, limit: LIST_PAGE_SIZE });
    if (got.kind === 'page') await reply(screenOf(vault, got.page, { query }));
    else if (got.kind === 'not_stored') await reply(unkeptCard({ ...got, now: vault.now() }));
    else await reply(fileCard(got));
  },
};
