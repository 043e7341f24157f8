import { auditActions } from '../blocks/wording-govern.ts';
import type { AuditFilter } from '../catalog/govern/audit-list.ts';
import type { AuditEntry } from '../catalog/model.ts';
import { UserError } from '../errors.ts';
import { dayOf } from './filter.ts';

/**
 * Reads the words of `/vault audit`: `@person`, `action:trashed`, `file:F0123` (or the id alone), `before:` and
 * `after:` with a date in the asker's own days. Throws `UserError` for anything else.
 */
export function parseAuditFilter(
  text: string,
  { now, timeZoneOffset }: { now: number; timeZoneOffset: number },
): AuditFilter {
  const filter: AuditFilter = {};
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const [, name = '', value = ''] = /^(action|file|from|by|before|after|since):(.*)$/i.exec(word) ?? [];
    const [, person] = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(value || word) ?? [];
    if (person !== undefined) filter.actorId = person;
    else if (/^vault$/i.test(value || word)) filter.actorId = 'vault';
    else if (/^F[A-Z0-9]{5,30}(?:-[0-9A-F]{8})?$/.test(value || word)) filter.fileId = value || word;
    else {
      switch (name.toLowerCase()) {
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
            `I do not know ${word}. Use a person, \`action:trashed\`, \`file:F0123ABC\`, \`after:\` and \`before:\`.`,
          );
      }
    }
  }
  return filter;
}

function actionOf(value: string): AuditEntry['action'] {
  const action = value.toLowerCase().replaceAll('-', '_');
  if (Object.hasOwn(auditActions, action)) return action as keyof typeof auditActions;
  const names = Object.keys(auditActions).join(', ');
  throw new UserError('bad_action', `There is no such action. These are: ${names}.`);
}
