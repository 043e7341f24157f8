import { adminsOnly, onlyWhoSees } from '../actions/admins-only.ts';
import { auditPageFor } from '../actions/audit.ts';
import { channelPage } from '../actions/channel-rules.ts';
import { holdsPage } from '../actions/holds.ts';
import { trashPage } from '../actions/trash.ts';
import { exportStarted } from '../blocks/export.ts';
import { UserError } from '../errors.ts';
import { wantExport } from '../export/want.ts';
import type { Command } from './command.ts';

export const trash: Command = {
  name: 'trash',
  usage: 'trash',
  summary: 'Shows what is in the trash of this channel, to restore it.',
  examples: [],
  async run(vault, { userId, channelId, reply }) {
    await onlyWhoSees(vault, userId, channelId);
    await reply(await trashPage(vault, { userId, channelId, after: null }));
  },
};

export const channelRules: Command = {
  name: 'channel',
  usage: 'channel',
  summary: 'Shows how this channel is kept, and for how long. Admins change it here.',
  examples: [],
  async run(vault, { userId, channelId, reply }) {
    await onlyWhoSees(vault, userId, channelId);
    await reply(await channelPage(vault, { userId, channelId }));
  },
};

export const hold: Command = {
  name: 'hold',
  usage: 'hold',
  summary: 'Keeps files from being deleted, whoever asks, until the hold is lifted. For admins.',
  examples: [],
  async run(vault, { userId, reply }) {
    await adminsOnly(vault, userId);
    await reply(await holdsPage(vault));
  },
};

export const audit: Command = {
  name: 'audit',
  usage: 'audit [@person] [action:trashed] [file:F0123] [after:7d] [before:2026-01-31]',
  summary: 'Shows who did what to which file when. For admins.',
  examples: ['/vault audit @anna after:7d', '/vault audit action:link'],
  async run(vault, { userId, channelId, text, reply }) {
    await reply(await auditPageFor(vault, { userId, channelId, query: text }));
  },
};

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
    await reply(exportStarted(job));
    await wantExport(vault, { ...job, userId, reply });
  },
};

/** What gives back, keeps and lets go. */
export const GOVERN: readonly Command[] = [trash, channelRules, exportChannel, hold, audit];
