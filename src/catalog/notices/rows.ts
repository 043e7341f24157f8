import type { Insertable } from 'kysely';
import type { NoticeTable } from '../db/schema.ts';
import type { FileNotice, NewNotice, Notice } from './model.ts';

/**
 * How a notice is written down. The table is older than most kinds of notice and knows only files: `file_id` holds
 * the id of the thing that the notice is about, and `name` holds the rest.
 */
export type NoticeRow = Omit<NoticeTable, 'id'> & { id: number };

type Columns = Omit<Insertable<NoticeTable>, 'postId' | 'at'>;

const NOTHING = { fileId: '', name: null, bytes: null };

/** The columns of a notice. */
export function toNoticeColumns(notice: NewNotice): Columns {
  const { kind, actorId } = notice;
  const columns = { ...NOTHING, kind, actorId };
  switch (notice.kind) {
    case 'joined':
    case 'sign':
      return columns;
    case 'backfill':
      return { ...columns, fileId: String(notice.backfillId) };
    case 'trouble':
    case 'mended':
      return { ...columns, fileId: String(notice.alertId) };
    case 'rules':
      return { ...columns, name: JSON.stringify(notice.changes) };
    case 'upload':
      return { ...columns, fileId: notice.upload.channelId ?? '', name: JSON.stringify(notice.upload.files) };
    case 'leaving':
      return { ...columns, fileId: String(notice.day), name: notice.userId };
    case 'card':
      return { ...columns, fileId: notice.cardOf, sortKey: notice.opens ? 'opens' : null };
    case 'gift':
      return { ...columns, fileId: notice.cardOf, sortKey: notice.personId };
    default:
      return notice;
  }
}

/** The notice that a row tells. */
export function toNotice(row: NoticeRow): Notice {
  const { id, kind, actorId, at, fileId, name, bytes, reason = null, sortKey = null } = row;
  const own = { id, actorId, at };
  switch (kind) {
    case 'joined':
    case 'sign':
      return { ...own, kind };
    case 'backfill':
      return { ...own, kind, backfillId: Number(fileId) };
    case 'trouble':
    case 'mended':
      return { ...own, kind, alertId: Number(fileId) };
    case 'rules':
      return { ...own, kind, changes: JSON.parse(name ?? '{}') };
    case 'upload':
      return { ...own, kind, upload: { channelId: fileId || null, files: JSON.parse(name ?? '[]') } };
    case 'leaving':
      return { ...own, kind, userId: name ?? '', day: Number(fileId) };
    case 'card':
      return { ...own, kind, cardOf: fileId, opens: sortKey !== null };
    case 'gift':
      return { ...own, kind, cardOf: fileId, personId: sortKey ?? '' };
    default:
      return { ...own, kind, fileId, name, bytes, reason, sortKey };
  }
}

/** Whether a notice tells of a file. */
export function isOfFile(notice: Notice): notice is FileNotice {
  return 'fileId' in notice;
}
