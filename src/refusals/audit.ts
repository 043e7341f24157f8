import { UserError } from '../errors.ts';

export const badAuditFilter = (word: string) =>
  new UserError(
    'bad_audit_filter',
    `I do not know ${word}. Use a person, \`action:trashed\`, \`file:F0123ABC\`, \`after:\` and \`before:\`.`,
  );

export const badAuditAction = (known: readonly string[]) =>
  new UserError('bad_action', `There is no such action. These are: ${known.join(', ')}.`);
