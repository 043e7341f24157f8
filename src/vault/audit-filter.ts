import { ASKED_ACTIONS, type AskedAction, type AuditFilter } from '../catalog/governance/audit-list.ts';
import { badAuditAction, badAuditFilter } from '../refusals/audit.ts';
import { dayOf } from './query/filter.ts';
import { readWords } from './query/words.ts';

const NAMES = ['action', 'file', 'from', 'by', 'before', 'after', 'since'];

/**
 * Reads the words of `/vault audit`: `@person`, `action:trashed`, `file:F0123` (or the id alone), `before:` and
 * `after:` with a date in the asker's time zone. Throws `UserError` for anything else.
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
          throw badAuditFilter(word.text);
      }
    }
  }
  return filter;
}

function isFileId(said: string): boolean {
  return /^F[A-Z0-9]{5,30}(?:-[0-9A-F]{8})?$/.test(said);
}

function actionOf(value: string): AskedAction {
  const said = value.toLowerCase().replaceAll('-', '_');
  const action = ASKED_ACTIONS.find((one) => one === said);
  if (action === undefined) throw badAuditAction(ASKED_ACTIONS);
  return action;
}
