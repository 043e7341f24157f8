import { auditActions } from '../blocks/wording-govern.ts';
import type { AuditFilter } from '../catalog/govern/audit-list.ts';
import type { AuditEntry } from '../catalog/model.ts';
import { UserError } from '../errors.ts';
import { dayOf } from '../vault/query/filter.ts';
import { readWords } from '../vault/query/words.ts';

const NAMES = ['action', 'file', 'from', 'by', 'before', 'after', 'since'];

/**
 * Reads the words of `/vault audit`: `@person`, `action:trashed`, `file:F0123` (or the id alone), `before:` and
 * `after:` with a date in the asker's own days. Throws `UserError` for anything else.
 */
export function parseAuditFilter(
  text: string,
  { now, timeZoneOffset }: { now: number; timeZoneOffset: number },
): AuditFilter {
  const filter: AuditFilter = {};
  for (const word of readWords(text, NAMES)) {
    const { name = '', value = '' } = word.filter ?? {};
    const said = value || word.text;
    const isBare = name === '';
    const isActor = isBare || name === 'from' || name === 'by';
    if (word.person !== undefined && isActor) filter.actorId = word.person;
    else if (isActor && /^vault$/i.test(said)) filter.actorId = 'vault';
    else if (name === 'file' && isFileId(said.toUpperCase())) filter.fileId = said.toUpperCase();
    else if (isBare && isFileId(said)) filter.fileId = said;
    else {
      switch (name) {
        case 'action':
          filter.action = actionOf(value);
          break;
        case 'before':
          filter.before = dayOf(value, now, timeZoneOffset);
          break;
        case 'after':
        case 'since':
          filter.after = dayOf(value, now, timeZoneOffset);
          break;
        default:
          throw new UserError(
            'bad_audit_filter',
            `I do not know ${word.text}. Use a person, \`action:trashed\`, \`file:F0123ABC\`, \`after:\` and \`before:\`.`,
          );
      }
    }
  }
  return filter;
}

function isFileId(said: string): boolean {
  return /^F[A-Z0-9]{5,30}(?:-[0-9A-F]{8})?$/.test(said);
}

function actionOf(value: string): AuditEntry['action'] {
  const action = value.toLowerCase().replaceAll('-', '_');
  if (Object.hasOwn(auditActions, action)) return action as keyof typeof auditActions;
  const names = Object.keys(auditActions).join(', ');
  throw new UserError('bad_action', `There is no such action. These are: ${names}.`);
}
