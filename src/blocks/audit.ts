import type { Button } from '@slack/types';
import type { AuditFilter, AuditLine, AuditPage } from '../catalog/governance/audit-list.ts';
import { actions, button, context, type Screen, section, sectionsOf } from './kit/elements.ts';
import { nameLength } from './kit/limits.ts';
import { channel, code, day, moment, person, quietName } from './kit/mrkdwn.ts';
import { encodePlace } from './kit/place.ts';
import { buttons, common } from './text/wording.ts';
import { auditActions, audit as words } from './text/wording-govern.ts';

/** Entries on one page of `/vault audit`. */
export const AUDIT_PAGE = 15;

/** An entry; its channel has a name only if the reader could see it in Slack. */
type Entry = AuditLine & { channelNamed?: boolean };

export interface AuditInput {
  /** The channel where it was asked for; messages about exports go there. */
  channelId: string;
  page: Omit<AuditPage, 'entries'> & { entries: Entry[] };
  filter: AuditFilter;
  /** A file whose Details this reader may open, but which they may not see in Slack. */
  details?: string | null;
  /** The typed words; the page buttons carry them. */
  query: string;
}

/** `/vault audit`: who did what to which file when. For admins and auditors. */
export function auditScreen(input: AuditInput): Screen {
  const { page, filter, query } = input;
  const entries = page.entries.slice(0, AUDIT_PAGE);
  const filters = filtersInWords(filter);
  if (entries.length === 0) {
    return { text: words.none, blocks: [section(words.none), context(words.noneHint), ...foot(input)] };
  }
  return {
    text: words.text(entries.length),
    blocks: [
      section(words.title),
      context(filters === '' && query === '' ? words.unfiltered : words.filtered(filters)),
      ...sectionsOf(entries.map(line)),
      ...(entries.some(isUnnamed) ? [context(words.unnamed)] : []),
      ...foot(input),
    ],
  };
}

function line(entry: Entry): string {
  const { at, actorId, fileId, fileName, channelId, channelNamed = true } = entry;
  const file = fileId === null ? '' : (fileName ?? fileId);
  return `• ${common.joined([
    person(actorId),
    whatWasDone(entry),
    file === '' ? '' : quietName(file, nameLength.summary),
    channelId === null ? '' : words.inChannel(channelNamed ? channel(channelId) : code(channelId, 40)),
    moment(at),
  ])}`;
}

function isUnnamed({ fileId, fileName, channelNamed = true }: Entry): boolean {
  return !channelNamed || (fileId !== null && fileName === null);
}

function whatWasDone({ action, detail }: Entry): string {
  if (action === 'purge_retained' && typeof detail.until === 'number')
    return words.retained(moment(detail.until));
  return actionInWords(action);
}

function actionInWords(action: string): string {
  return Object.hasOwn(auditActions, action)
    ? auditActions[action as keyof typeof auditActions]
    : code(action, 40);
}

function filtersInWords({ actorId, fileId, action, after, before }: AuditFilter): string {
  return common.joined([
    actorId === undefined ? '' : words.by(person(actorId)),
    action === undefined ? '' : words.action(actionInWords(action)),
    fileId === undefined ? '' : words.file(code(fileId, 40)),
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
    const value = encodePlace(channelId, query, page.newer.at, page.newer.id);
    fits = add('audit_newer', buttons.newer, words.newerLabel, value) && fits;
  }
  if (page.older !== null) {
    const value = encodePlace(channelId, query, page.older.at, page.older.id);
    fits = add('audit_older', buttons.older, words.olderLabel, value) && fits;
  }
  if (input.details) add('show_details', buttons.details, words.detailsLabel, input.details);
  if (page.entries.length > 0)
    fits = add('audit_csv', words.csv, words.csvLabel, encodePlace(channelId, query)) && fits;
  return [...actions(shown), ...(fits ? [] : [context(words.tooLong)])];
}
