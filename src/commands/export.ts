import { sayStarted } from '../edge/export-started.ts';
import { badExportWords } from '../refusals/exports.ts';
import { orderManifest } from '../vault/exports.ts';
import type { Command } from './command.ts';

/** A channel as Slack writes it, or its id, for a channel that is not in Slack's list. */
const NAMED = /^(?:<#([CGD][A-Z0-9]+)(?:\|[^<>]*)?>|([CGD][A-Z0-9]{6,30}))$/;

export const exportChannel: Command = {
  name: 'export',
  usage: 'export [csv|ndjson] [#channel]',
  summary: 'Makes a list of all files of this channel with their SHA-256, for you alone.',
  examples: ['/vault export', '/vault export ndjson'],
  async run(vault, { userId, channelId: here, text, reply }) {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const named = words.flatMap((word) => NAMED.exec(word)?.slice(1).find(Boolean) ?? []);
    const formats = words.filter((word) => !NAMED.test(word)).map((word) => word.toLowerCase());
    const [format = 'csv'] = formats;
    if ((format !== 'csv' && format !== 'ndjson') || formats.length > 1 || named.length > 1)
      throw badExportWords();
    const [channelId = here] = named;
    await orderManifest(vault, { userId, channelId, format }, sayStarted(vault, reply));
  },
};
