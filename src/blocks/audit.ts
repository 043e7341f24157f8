import type { Button } from '@slack/types';
import type { AuditFilter, AuditLine, AuditPage } from '../catalog/governance/audit-list.ts';
import type { Hold } from '../catalog/governance/holds.ts';
import { AUDIT_WORDS } from '../text/audit-words.ts';
import { onHoldBlocks, type ScopeTold, scopeInWords } from './holds.ts';
import { encodeButtonValue } from './kit/button-value.ts';
import { actions, button, context, type Screen, section, sectionsOf } from './kit/elements.ts';
import { nameLength } from './kit/limits.ts';
import { code, day, moment, quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { buttons, common } from './text/wording.ts';
import { audit as words } from './text/wording-audit.ts';
import { holds as holdWords } from './text/wording-holds.ts';

/** Entries on one page of `/vault audit`. */
export const AUDIT_PAGE = 15;

/** An entry; its channel has a name only if the reader could see it in Slack. */
type Entry = AuditLine & { channelNamed?: boolean };

export interface AuditInput {
  /** The channel where it was asked for; messages about exports go there. */
  channelId: string;
  page: Omit<AuditPage, 'entries'> & { entries: Entry[] };
  filter: AuditFilter & { text?: string; cut?: number };
  /** The holds that cover the one file that was asked for; null or missing for no such file. */
  holds?: Hold[] | null;
  /** A file whose Details this reader may open, but which they may not see in Slack. */
  details?: string | null;
  /** The typed words; the page buttons carry them. */
  query: string;
  names?: Named;
}

/** `/vault audit`: who did what to which file when. For admins and auditors. */
export function auditScreen(input: AuditInput): Screen {
  const { page, filter, query, names = NO_NAMES } = input;
  const entries = page.entries.slice(0, AUDIT_PAGE);
  const filters = filtersInWords(filter, names);
  if (entries.length === 0) {
    const blocks = [section(words.none), ...onHold(input), context(words.noneHint), ...foot(input)];
    return { text: words.none, blocks };
  }
  return {
    text: words.text(entries.length),
    blocks: [
      section(words.title),
      context(filters === '' && query === '' ? words.unfiltered : words.filtered(filters)),
      ...(filter.cut === undefined ? [] : [context(words.cut(filter.cut))]),
      ...onHold(input),
      ...sectionsOf(entries.map((entry) => line(entry, names))),
      ...(entries.some(isUnnamed) ? [context(words.unnamed)] : []),
      ...foot(input),
    ],
  };
}

/** Whether the file that was asked for is on hold. */
function onHold({ holds, names }: AuditInput): Screen['blocks'] {
  if (!holds) return [];
  return holds.length === 0 ? [context(holdWords.notOnHold)] : onHoldBlocks(holds, names);
}

function line(entry: Entry, names: Named): string {
  const { at, actorId, fileId, fileName, channelId, channelNamed: mayBeNamed = true } = entry;
  const file = fileId === null ? '' : (fileName ?? fileId);
  return `• ${common.joined([
    personNamed(actorId, names),
    whatWasDone(entry, names),
    file === '' ? '' : quietName(file, nameLength.summary),
    channelId === null
      ? ''
      : words.inChannel(mayBeNamed ? channelNamed(channelId, names) : code(channelId, 40)),
    moment(at),
  ])}`;
}

function isUnnamed({ fileId, fileName, channelNamed = true }: Entry): boolean {
  return !channelNamed || (fileId !== null && fileName === null);
}

function whatWasDone({ action, detail, fileId }: Entry, names: Named): string {
  // Details that were looked at have their file in the line.
  if (action === 'looked' && fileId === null) return words.lookedAtLog;
  if (action === 'purge_retained' && typeof detail.until === 'number')
    return words.retained(moment(detail.until));
  if (action === 'hold_set' || action === 'hold_lifted')
    return [actionInWords(action), heldInWords(detail, names)].filter((part) => part !== '').join(': ');
  if ((action === 'given' || action === 'given_back') && typeof detail.personId === 'string')
    return `${actionInWords(action)}: ${personNamed(detail.personId, names)}`;
  if (action === 'joined' && typeof detail.channels === 'number') return words.joinedAll(detail.channels);
  return actionInWords(action);
}

/** What a hold covers, and why. Its file and channel stand in the line itself. */
function heldInWords(detail: Entry['detail'], names: Named): string {
  const moment = (value: unknown) => (typeof value === 'number' ? value : null);
  const scope: ScopeTold = {
    ...{ channelId: null, fileId: null },
    personId: typeof detail.personId === 'string' ? detail.personId : null,
    ...{ sharedFrom: moment(detail.sharedFrom), sharedUntil: moment(detail.sharedUntil) },
    ...(typeof detail.files === 'number' ? { files: detail.files } : {}),
  };
  const isNarrow =
    scope.personId !== null || scope.sharedFrom !== null || scope.sharedUntil !== null || scope.files;
  const reason = typeof detail.reason === 'string' ? quietName(detail.reason, nameLength.line) : '';
  return common.joined([isNarrow ? scopeInWords(scope, names) : '', reason]);
}

function actionInWords(action: string): string {
  return Object.hasOwn(AUDIT_WORDS, action)
    ? AUDIT_WORDS[action as keyof typeof AUDIT_WORDS]
    : code(action, 40);
}

function filtersInWords(filter: AuditInput['filter'], names: Named): string {
  const { actorId, fileId, action, channelId, text, after, before } = filter;
  return common.joined([
    actorId === undefined ? '' : words.by(personNamed(actorId, names)),
    action === undefined ? '' : words.action(actionInWords(action)),
    fileId === undefined ? '' : words.file(code(fileId, 40)),
    text === undefined ? '' : words.named(quietName(text, nameLength.line)),
    channelId === undefined ? '' : words.inChannel(channelNamed(channelId, names)),
    after === undefined ? '' : words.after(day(after)),
    before === undefined ? '' : words.before(day(before)),
  ]);
}

function foot(input: AuditInput): Screen['blocks'] {
  const { channelId, page, query } = input;
  const shown: Button[] = [];
  const add = (actionId: string, text: string, label: string, value: string | null) => {
    if (value !== null) shown.push(button({ actionId, text, label, value }));
    return value !== null;
  };
  let fits = true;
  if (page.newer !== null) {
    const value = encodeButtonValue(channelId, query, page.newer.at, page.newer.id);
    fits = add('audit_newer', buttons.newer, words.newerLabel, value) && fits;
  }
  if (page.older !== null) {
    const value = encodeButtonValue(channelId, query, page.older.at, page.older.id);
    fits = add('audit_older', buttons.older, words.olderLabel, value) && fits;
  }
  if (input.details) add('show_details', buttons.details, words.detailsLabel, input.details);
  if (page.entries.length > 0)
    fits = add('audit_csv', words.csv, words.csvLabel, encodeButtonValue(channelId, query)) && fits;
  return [...actions(shown), ...(fits ? [] : [context(words.tooLong)])];
}
