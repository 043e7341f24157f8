import { sayStarted } from '../edge/export-started.ts';
import { badExportWords } from '../refusals/exports.ts';
import { orderManifest, orderWorkspace } from '../vault/exports.ts';
import type { Command } from './command.ts';

/** A channel as Slack writes it, or its id, for a channel that is not in Slack's list. */
const NAMED = /^(?:<#([CGD][A-Z0-9]+)(?:\|[^<>]*)?>|([CGD][A-Z0-9]{6,30}))$/;

export const exportChannel: Command = {
  name: 'export',
  usage: 'export [csv|ndjson] [#channel|all]',
  summary: 'A list of this channel’s files as CSV',
  examples: [
    { type: '/vault export', means: 'a CSV with names, dates and SHA-256' },
    { type: '/vault export ndjson', means: 'the same as JSON lines' },
  ],
  button: 'Export',
  begins: true,
  async run(vault, { userId, channelId: here, text, reply }) {
    const typed = text.split(/\s+/).filter((word) => word !== '');
    const words = typed.filter((word) => !/^(?:all|everything)$/i.test(word));
    const isAll = words.length < typed.length;
    const named = words.flatMap((word) => NAMED.exec(word)?.slice(1).find(Boolean) ?? []);
    const formats = words.filter((word) => !NAMED.test(word)).map((word) => word.toLowerCase());
    const [format = 'csv'] = formats;
    if ((format !== 'csv' && format !== 'ndjson') || formats.length > 1 || named.length > 1)
      throw badExportWords();
    if (isAll && (named.length > 0 || typed.length - words.length > 1)) throw badExportWords();
    const [channelId = here] = named;
    const order = isAll ? orderWorkspace : orderManifest;
    await order(vault, { userId, channelId, format }, sayStarted(vault, reply));
  },
};
