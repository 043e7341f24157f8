import { UserError } from '../errors.ts';

export const badAuditFilter = (word: string) =>
  new UserError(
    'bad_audit_filter',
    `“${word}” is not understood. Use a file’s name, a person, a channel, \`action:downloaded\`, \`after:\` or \`before:\`.`,
  );

export const badAuditAction = (known: readonly string[]) =>
  new UserError('bad_action', `There is no such action. These are: ${known.join(', ')}.`);
