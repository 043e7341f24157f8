import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { type ImportOptions, importArchive } from '../../src/import/run.ts';
import { createLog } from '../../src/log.ts';
import { removeObject } from '../../src/storage/remove.ts';
import { databases, empty } from '../catalog/databases.ts';
import { openTarget, type Target } from '../storage/target.ts';
import { type Contents, type ExportedConversation, TEAM, writeFolder, writeZip } from './exports.ts';

export const AT = Date.UTC(2023, 4, 1, 12);
export const NAMES = { U0ANNA: 'anna', U0BEN: 'ben', U0CLEO: 'cleo' };
export const bytesOf = (text: string) => Buffer.from(text.repeat(100));

/** Conversations of every kind, with five files. */
export const CONVERSATIONS: ExportedConversation[] = [
  {
    ...{ id: 'C0GENERAL', list: 'channels', name: 'general', members: ['U0ANNA', 'U0BEN'] },
    messages: [
      {
        ...{ at: AT, user: 'U0ANNA' },
        files: [{ id: 'F0BUDGET01', name: 'Budget 2023.xlsx', bytes: bytesOf('budget') }],
      },
      {
        ...{ at: AT + 86_400_000, user: 'U0BEN' },
        files: [
          { id: 'F0PHOTO001', name: 'Übersicht.png', bytes: bytesOf('photo') },
          { id: 'F0EMPTY001', name: 'empty.txt', bytes: Buffer.alloc(0) },
        ],
      },
    ],
  },
  {
    ...{ id: 'D0ANNABEN', list: 'dms', members: ['U0ANNA', 'U0BEN'] },
    messages: [
      { at: AT, user: 'U0BEN', files: [{ id: 'F0SECRET01', name: 'secret.txt', bytes: bytesOf('s') }] },
    ],
  },
  {
    ...{ id: 'G0BOARD01', list: 'groups', name: 'board', members: ['U0CLEO'] },
    messages: [
      { at: AT, user: 'U0CLEO', files: [{ id: 'F0BOARD001', name: 'board.pdf', bytes: bytesOf('b') }] },
    ],
  },
];
export const FILES = CONVERSATIONS.flatMap(({ messages }) => messages.flatMap(({ files }) => files));

/** A catalog and a bucket of its own for the tests of a file, empty before each, and a way to import into them. */
export function importStage() {
  const stage = {} as { catalog: Catalog; target: Target; folder: string };
  let count = 0;
  beforeAll(async () => {
    const { fresh } = databases[0] as (typeof databases)[number];
    stage.folder = mkdtempSync(join(tmpdir(), 'ria-vault-import-'));
    [stage.catalog, stage.target] = await Promise.all([fresh(), openTarget({ sandboxOnly: true })]);
  });
  afterAll(async () => {
    await stage.catalog?.close();
    await stage.target?.close();
    rmSync(stage.folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await empty(stage.catalog);
    for (const key of await stage.target.keys()) await removeObject(stage.target.bucket, key);
  });
  const place = (name: string) => join(stage.folder, `${name}-${++count}`);
  return {
    stage,
    place,
    zip: (contents: Contents) => writeZip(`${place('export')}.zip`, contents),
    asFolder: (contents: Contents) => writeFolder(place('folder'), contents),
    file: (fileId: string) => fileById(stage.catalog, { teamId: TEAM, fileId }),
    run: (path: string, o: Partial<ImportOptions> = {}) =>
      importArchive({
        ...{ path, catalog: stage.catalog, bucket: stage.target.bucket, dryRun: false, concurrency: 4 },
        policy: { maxFileBytes: 1e9, excludeTypes: new Set() },
        ...{ owner: 'import', allowedHosts: [], log: createLog('error') },
        ...{ now: () => AT + 1e9, onProgress: () => {}, signal: new AbortController().signal },
        personNamed: async (name) =>
          Object.entries(NAMES).find(([, one]) => one === name.toLowerCase())?.[0] ?? null,
        channelNamed: async () => null,
        ...o,
      }),
  };
}
