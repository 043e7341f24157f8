import { closedCard, fileCard, unkeptCard } from '../blocks/file-card.ts';
import { LIST_PAGE_SIZE } from '../blocks/kit/limits.ts';
import { screenOf } from '../edge/files-page.ts';
import { getFile } from '../vault/files/get.ts';
import type { Command } from './command.ts';

export const get: Command = {
  name: 'get',
  aliases: ['download', 'dl', 'fetch', 'open'],
  usage: 'get <name>',
  summary: 'Download a file',
  examples: [
    { type: '/vault get budget.xlsx', means: 'its download button at once' },
    { type: '/vault get F0AB12CD34', means: 'by its id' },
  ],
  button: 'Download',
  async run(vault, { userId, channelId, text, reply }) {
    const query = text.trim();
    const got = await getFile(vault, { userId, channelId, query, limit: LIST_PAGE_SIZE });
    if (got.kind === 'page') await reply(screenOf(vault, got.page, { query }));
    else if (got.kind === 'not_stored') await reply(unkeptCard({ ...got, now: vault.now() }));
    else if (got.kind === 'closed') await reply(closedCard({ file: got.file, message: got.why.message }));
    else await reply(fileCard(got));
  },
};
