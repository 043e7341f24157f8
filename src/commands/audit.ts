import { AUDIT_PAGE, auditScreen } from '../blocks/audit.ts';
import { auditLog } from '../vault/audit.ts';
import type { Command } from './command.ts';

export const audit: Command = {
  name: 'audit',
  aliases: ['auditlog', 'audit-log'],
  usage: 'audit [file name] [@person] [#channel] [action:downloaded]',
  summary: 'Who did what to which file',
  examples: [
    { type: '/vault audit', means: 'the newest first' },
    { type: '/vault audit budget.pdf', means: 'what happened to this file' },
    { type: '/vault audit @anna after:7d', means: 'what Anna did this week' },
    { type: '/vault audit action:downloaded', means: 'only downloads' },
  ],
  button: 'Audit',
  only: 'auditors',
  async run(vault, { userId, channelId, text: query, reply }) {
    const log = await auditLog(vault, { userId, query, limit: AUDIT_PAGE });
    await reply(auditScreen({ channelId, query, ...log }));
  },
};
