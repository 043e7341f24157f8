import { sql } from 'kysely';
import { AUDIT_WORDS } from '../../text/audit-words.ts';
import type { Catalog } from '../db/schema.ts';
import type { AuditEntry } from '../model.ts';

// Every action has words, and no words are without an action.
AUDIT_WORDS satisfies Record<AuditEntry['action'], string>;

/** Which entries of the audit log. */
export interface AuditFilter {
  actorId?: string;
  action?: AuditEntry['action'];
  fileId?: string;
  /** About one of these files. */
  fileIds?: string[];
  channelId?: string;
  /** At or after (ms). */
  after?: number;
  /** Before (ms). */
  before?: number;
}

/** Files that an entry about a look or an export lists by their ids. */
const MOST_WRITTEN = 20;

/** A filter as the log keeps it: in ids, and of many files the number and the first few. */
export function filterInLog(filter: AuditFilter): Record<string, unknown> {
  const { fileIds, ...others } = filter;
  if (fileIds === undefined) return others;
  return { ...others, files: fileIds.length, fileIds: fileIds.slice(0, MOST_WRITTEN) };
}

/** An entry with its id, and the file's present name. */
export interface AuditLine extends AuditEntry {
  id: number;
  fileName: string | null;
}

/** A place in the log, newest first: behind this entry, or before it. */
export interface AuditCursor {
  at: number;
  id: number;
}

export interface AuditPage {
  entries: AuditLine[];
  newer: AuditCursor | null;
  older: AuditCursor | null;
}

/** A page of the audit log, newest first: behind `from` (`older`) or just before it (`newer`). */
export async function auditPage(
  catalog: Catalog,
  o: {
    teamId: string;
    filter: AuditFilter;
    from: AuditCursor | null;
    direction: 'older' | 'newer';
    limit: number;
  },
): Promise<AuditPage> {
  const { from, direction, limit } = o;
  const newer = direction === 'newer' && from !== null;
  let query = filtered(catalog, o.teamId, o.filter);
  if (from !== null) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('audit.at', 'audit.id'), newer ? '>' : '<', tuple(from.at, from.id)),
    );
  }
  const order = newer ? 'asc' : 'desc';
  const rows = await query
    .orderBy('audit.at', order)
    .orderBy('audit.id', order)
    .limit(limit + 1)
    .execute();
  const more = rows.length > limit;
  const page = rows.slice(0, limit).map(toLine);
  if (newer) page.reverse();
  const [first, last] = [page[0], page.at(-1)];
  const place = (line: AuditLine | undefined) => (line ? { at: line.at, id: line.id } : null);
  return {
    entries: page,
    newer: newer ? (more ? place(first) : null) : from === null ? null : (place(first) ?? from),
    older: newer ? (place(last) ?? from) : more ? place(last) : null,
  };
}

/** Every entry of the log, newest first, read a page at a time. */
export async function* auditEntries(
  catalog: Catalog,
  o: { teamId: string; filter: AuditFilter; pageSize: number },
): AsyncGenerator<AuditLine> {
  let from: AuditCursor | null = null;
  do {
    const page: AuditPage = await auditPage(catalog, {
      ...{ teamId: o.teamId, filter: o.filter, from },
      direction: 'older',
      limit: o.pageSize,
    });
    yield* page.entries;
    from = page.older;
  } while (from !== null);
}

function filtered({ db }: Catalog, teamId: string, filter: AuditFilter) {
  let query = db
    .selectFrom('audit')
    .leftJoin('file', (join) =>
      join.onRef('file.teamId', '=', 'audit.teamId').onRef('file.fileId', '=', 'audit.fileId'),
    )
    .selectAll('audit')
    .select(['file.name as name', 'file.title as title'])
    .where('audit.teamId', '=', teamId);
  const { actorId, action, fileId, fileIds, channelId, after, before } = filter;
  if (actorId !== undefined) query = query.where('audit.actorId', '=', actorId);
  // Until previews had an action of their own, they were links with a note.
  const noted = sql<boolean>`audit.action = 'link' and audit.detail like '%"preview":true%'`;
  if (action === 'link') query = query.where('audit.action', '=', action).where(sql<boolean>`not (${noted})`);
  else if (action === 'preview') query = query.where(sql<boolean>`(audit.action = 'preview' or (${noted}))`);
  else if (action !== undefined) query = query.where('audit.action', '=', action);
  if (fileIds !== undefined)
    query =
      fileIds.length === 0 ? query.where(sql<boolean>`1 = 0`) : query.where('audit.fileId', 'in', fileIds);
  if (channelId !== undefined) query = query.where('audit.channelId', '=', channelId);
  if (fileId !== undefined) query = query.where('audit.fileId', '=', fileId);
  if (after !== undefined) query = query.where('audit.at', '>=', after);
  if (before !== undefined) query = query.where('audit.at', '<', before);
  return query;
}

interface Row extends Omit<AuditEntry, 'detail'> {
  id: number;
  detail: string;
  name: string | null;
  title: string | null;
}

function toLine({ detail: json, name, title, ...entry }: Row): AuditLine {
  const detail = JSON.parse(json);
  const action = entry.action === 'link' && detail.preview === true ? 'preview' : entry.action;
  return { ...entry, action, detail, fileName: name?.trim() ? name : title };
}
