import { backfillOfAllBegun } from '../blocks/backfill-all.ts';
import { backfillBegun } from '../blocks/backfill-progress.ts';
import { beginBackfill, beginBackfillOfAll } from '../vault/backfill.ts';
import type { Command } from './command.ts';

/** `/vault backfill`: keeps what was shared in the past, in this channel or in all. */
export const backfill: Command = {
  name: 'backfill',
  usage: 'backfill [all]',
  summary: 'Save older files of this channel too',
  examples: [
    { type: '/vault backfill', means: 'back to the channel’s beginning' },
    { type: '/vault backfill all', means: 'of every channel that I am in' },
  ],
  button: 'Save older files',
  only: 'admins',
  wordless: true,
  takes: ['all'],
  begins: true,
  async run(vault, { userId, channelId, text, reply }) {
    if (text.toLowerCase() === 'all')
      return reply(backfillOfAllBegun(await beginBackfillOfAll(vault, { userId })));
    await reply(backfillBegun(await beginBackfill(vault, { userId, channelId })));
  },
};
