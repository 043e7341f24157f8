import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/catalog/journal/journal.ts';
import { encodeSegment } from '../../src/journal/segment.ts';
import type { SegmentStore } from '../../src/journal/store.ts';
import { replayHistory } from '../../src/rebuild/histories.ts';
import { databases } from '../catalog/databases.ts';
import { TEAM } from '../catalog/samples.ts';

describe.each(databases)('a journal of a newer version on $name', ({ fresh }) => {
  it('that tells what these tables have no place for is refused with what to do', async () => {
    const gone = { teamId: TEAM, fileId: 'F1', goneAt: 1, ofTheFuture: 'x' };
    const bytes = await encodeSegment({ team: TEAM, history: 'h', number: 1, first: 1 } as never, [
      { kind: 'gone', gone } as unknown as JournalRecord,
    ]);
    const store = { get: async () => bytes } as unknown as SegmentStore;
    const catalog = await fresh();
    try {
      const history = { history: 'h', numbers: [1], after: 0, writtenAt: 1 };
      const read = replayHistory({ catalog, store, now: 1, onProgress() {} }, history, true);
      await expect(read).rejects.toMatchObject({
        code: 'segment_newer',
        message: expect.stringContaining('UPGRADING.md'),
      });
    } finally {
      await catalog.close();
    }
  });
});
