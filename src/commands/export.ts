import { onlyWhoSees } from '../actions/admins-only.ts';
import { UserError } from '../errors.ts';
import { wantExport } from '../export/want.ts';
import type { Command } from './command.ts';

export const exportChannel: Command = {
  name: 'export',
  usage: 'export [csv|ndjson]',
  summary: 'Makes a list of all files of this channel with their SHA-256, for you alone.',
  examples: ['/vault export', '/vault export ndjson'],
  async run(vault, { userId, channelId, text, reply }) {
    const format = text.trim().toLowerCase() || 'csv';
    if (format !== 'csv' && format !== 'ndjson')
      throw new UserError('bad_format', 'Say `/vault export csv` or `/vault export ndjson`.');
    await onlyWhoSees(vault, userId, channelId);
    const job = { kind: 'manifest' as const, format, channelId, filter: {} } as const;
    await wantExport(vault, { ...job, userId, reply });
  },
};
