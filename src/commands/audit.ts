import { AUDIT_PAGE, auditScreen } from '../blocks/audit.ts';
import { auditLog } from '../vault/audit.ts';
import type { Command } from './command.ts';

export const audit: Command = {
  name: 'audit',
  usage: 'audit [@person] [action:trashed] [file:F0123] [after:7d] [before:2026-01-31]',
  summary: 'Shows who did what to which file when. For admins and auditors.',
  examples: ['/vault audit @anna after:7d', '/vault audit action:link'],
  async run(vault, { userId, channelId, text: query, reply }) {
    const log = await auditLog(vault, { userId, query, limit: AUDIT_PAGE });
    await reply(auditScreen({ channelId, query, ...log }));
  },
};
