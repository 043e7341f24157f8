import type { AuditFilter } from '../catalog/governance/audit-list.ts';
import { badAuditAction, badAuditFilter } from '../refusals/audit.ts';
import { AUDIT_WORDS, actionNamed } from '../text/audit-words.ts';
import { dayOf } from './query/filter.ts';
import type { Clock } from './query/period.ts';
import { readWords, type Word } from './query/words.ts';

const NAMES = ['action', 'file', 'from', 'by', 'in', 'before', 'after', 'since'];

/** What the asker typed; the files that `text` names are looked for afterwards: only the newest `cut`, if it is set. */
export type TypedAuditFilter = AuditFilter & { text?: string; cut?: number };

/**
 * Reads the words of `/vault audit`: a file's name or id, `@person`, `#channel`, `action:downloaded` in the words of the
 * log, `before:` and `after:` with a date in the asker's time zone. Throws `UserError` for a filter that makes no sense.
 */
export function parseAuditFilter(text: string, clock: Clock): TypedAuditFilter {
  const filter: TypedAuditFilter = {};
  const free: string[] = [];
  const words = readWords(text, NAMES);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    const { name = '', value = '' } = word.filter ?? {};
    const said = value || word.text;
    const isBare = name === '';
    const isActor = isBare || name === 'from' || name === 'by';
    if (word.person !== undefined && isActor) filter.actorId = word.person;
    else if (isActor && /^vault$/i.test(said)) filter.actorId = 'vault';
    else if (word.channel !== undefined && (isBare || name === 'in')) filter.channelId = word.channel;
    else if (name === 'file' && isFileId(said.toUpperCase())) filter.fileId = said.toUpperCase();
    else if (isBare && isFileId(said)) filter.fileId = said;
    else if (name === 'action') {
      const { action, taken } = actionIn(value, words.slice(at + 1));
      filter.action = action;
      at += taken;
    } else if (name === 'before') filter.before = dayOf(value, clock);
    else if (name === 'after' || name === 'since') filter.after = dayOf(value, clock);
    else if (name === 'file' && value !== '' && !ALMOST_ID.test(value)) free.push(value);
    else if (isBare && word.person === undefined && !isUnknownFilter(word)) free.push(word.text);
    else throw badAuditFilter(word.text);
  }
  const rest = free.join(' ').trim();
  const action = filter.action === undefined ? actionNamed(rest) : undefined;
  if (action !== undefined) filter.action = action;
  else if (rest !== '') filter.text = rest;
  return filter;
}

/** Such as `kind:pdf`, without quotes. */
const isUnknownFilter = ({ raw, text }: Word) => raw === text && /^[a-z]{2,12}:/i.test(text);

/** The id of an attachment with a mistake: not the name of a file. */
const ALMOST_ID = /^F[A-Z0-9]{5,30}-/i;

function isFileId(said: string): boolean {
  return /^F[A-Z0-9]{5,30}(?:-[0-9A-F]{8})?$/.test(said);
}

/** Words of an action's name after its first one. */
const MOST_WORDS = 5;

/** The action that a value names together with as many of the next words as belong to its name. */
function actionIn(
  value: string,
  next: Word[],
): { action: NonNullable<AuditFilter['action']>; taken: number } {
  const end = next.findIndex(
    (word) => word.filter !== null || word.person !== undefined || word.channel !== undefined,
  );
  const bare = next.slice(0, Math.min(end < 0 ? next.length : end, MOST_WORDS)).map(({ text }) => text);
  for (let taken = bare.length; taken >= 0; taken--) {
    const action = actionNamed([value, ...bare.slice(0, taken)].join(' '));
    if (action !== undefined) return { action, taken };
  }
  throw badAuditAction(Object.values(AUDIT_WORDS));
}
