import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimWorkspace } from '../../src/catalog/governance/workspace.ts';
import { claimReadings, readingDone } from '../../src/catalog/reading/rows.ts';
import { startReading } from '../../src/catalog/reading/start.ts';
import { isAllRead, readingProgress } from '../../src/cli/read-progress.ts';
import { readText } from '../../src/cli/read-report.ts';
import { roomToRead } from '../../src/contents/room.ts';
import type { Log } from '../../src/log.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';

const MB = 1024 ** 2;
const log = { warn() {} } as unknown as Log;

function room(memoryMb: number, ocr: string[] = [], tryOut = async () => {}) {
  const machine = { memory: memoryMb * MB, limits: true, closesNetwork: true, tryOut };
  return roomToRead({ ocr, log, now: () => T0 }, machine);
}

describe('what npm run read says', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await (databases[0] as (typeof databases)[number]).fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  async function withFile() {
    await claimWorkspace(catalog, TEAM);
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await storeFile(catalog, 'F1');
  }
  async function readAll() {
    while (await startReading(catalog));
    for (const row of await claimReadings(catalog, { owner: 'a', limit: 9, leaseMs: 1, now: T0 }))
      await readingDone(catalog, row, 'a', { words: new Set(['x']), state: 'read', reason: null });
  }

  it('where nothing is to be read, that it is switched off', async () => {
    await withFile();
    const progress = await readingProgress(catalog, false, room(512));
    expect(readText(progress)).toBe(
      'Reading is switched off: VAULT_TEXT says so, and no channel says otherwise.',
    );
    expect(isAllRead(progress)).toBe(true);
  });

  it('where there is no room, so that nothing was noted down, why and what to do', async () => {
    await withFile();
    const progress = await readingProgress(catalog, true, room(720));
    expect(readText(progress).split('\n')).toEqual([
      expect.stringMatching(/^Reading has not begun: nothing was noted down/),
      'Files are not read: the bot has 720 MB of memory, and reading needs 768. Give it more, or set VAULT_TEXT=words.',
    ]);
    expect(isAllRead(progress)).toBe(false);
  });

  it('where the reading process cannot be started, the reason', async () => {
    const fails = async () => Promise.reject(Object.assign(new Error('no'), { code: 'EAGAIN' }));
    expect(readText(await readingProgress(catalog, true, room(900, [], fails)))).toContain(
      'a reading process cannot be started (EAGAIN)',
    );
  });

  it('how many are left; that all are read, only when they are; and that pictures are left out', async () => {
    await withFile();
    await startReading(catalog);
    expect(readText(await readingProgress(catalog, true, room(900)))).toMatch(
      /^Files from before are still being noted down/,
    );
    while (await startReading(catalog));
    const left = await readingProgress(catalog, true, room(900));
    expect(readText(left)).toMatch(/^Still to be read: 1 file/);
    expect(isAllRead(left)).toBe(false);
    await readAll();
    const done = await readingProgress(catalog, true, room(900, ['eng']));
    expect(readText(done).split('\n')).toEqual([
      'All files are read.',
      expect.stringMatching(/^Pictures and scans are not read.* 900 MB .* VAULT_OCR needs 1024\./),
    ]);
    expect(isAllRead(done)).toBe(true);
    // With memory for it, pictures are noted down first.
    expect((await readingProgress(catalog, true, room(2_000, ['eng']))).state).toBe('noting');
  });
});
