import { expect, it } from 'vitest';
import type { NewNotice } from '../../../src/catalog/notices/model.ts';
import { isOfFile, toNotice, toNoticeColumns } from '../../../src/catalog/notices/rows.ts';

const FILE = { fileId: 'F1', name: 'a.pdf', bytes: 7 };

/** Every kind of notice, and what a catalog of an earlier version holds of it. */
const KINDS: Array<[NewNotice, Record<string, unknown>]> = [
  [
    { kind: 'stored', actorId: 'U1', ...FILE, sortKey: '10.1 0002' },
    { actorId: 'U1', ...FILE, sortKey: '10.1 0002' },
  ],
  [
    { kind: 'not_kept', actorId: null, ...FILE, name: null, reason: 'too_large' },
    { actorId: null, ...FILE, name: null, reason: 'too_large' },
  ],
  [
    { kind: 'trashed', actorId: 'U1', ...FILE },
    { actorId: 'U1', ...FILE },
  ],
  [
    { kind: 'restored', actorId: 'U1', ...FILE },
    { actorId: 'U1', ...FILE },
  ],
  [
    { kind: 'expired', actorId: 'vault', ...FILE },
    { actorId: 'vault', ...FILE },
  ],
  [
    { kind: 'joined', actorId: null },
    { actorId: null, fileId: '', name: null, bytes: null },
  ],
  [
    { kind: 'backfill', actorId: 'U1', backfillId: 12 },
    { actorId: 'U1', fileId: '12', name: null, bytes: null },
  ],
  [
    { kind: 'trouble', actorId: null, alertId: 3 },
    { actorId: null, fileId: '3', name: null, bytes: null },
  ],
  [
    { kind: 'mended', actorId: null, alertId: 3 },
    { actorId: null, fileId: '3', name: null, bytes: null },
  ],
  [
    { kind: 'rules', actorId: 'U1', changes: { retentionDays: 30, capture: null } },
    { actorId: 'U1', fileId: '', name: '{"retentionDays":30,"capture":null}', bytes: null },
  ],
];

it.each(KINDS)('$kind is written down as before, and read as what it is about', (notice, columns) => {
  expect(toNoticeColumns(notice)).toEqual({ kind: notice.kind, ...columns });
  const row = { id: 5, postId: 1, at: 99, ...toNoticeColumns(notice), actorId: notice.actorId };
  const read = toNotice(row as Parameters<typeof toNotice>[0]);
  expect(read).toEqual({
    ...notice,
    ...{ id: 5, at: 99 },
    ...(isOfFile(read) ? { reason: read.reason, sortKey: read.sortKey } : {}),
  });
  expect(isOfFile(read)).toBe('fileId' in notice);
});

it('rules whose changes nobody knows any more changed nothing', () => {
  const row = {
    id: 1,
    postId: 1,
    kind: 'rules',
    fileId: '',
    actorId: 'U1',
    name: null,
    bytes: null,
    at: 1,
  } as const;
  expect(toNotice(row)).toEqual({ id: 1, at: 1, kind: 'rules', actorId: 'U1', changes: {} });
});
