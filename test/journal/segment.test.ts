// @slow: random texts.
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/catalog/journal/journal.ts';
import { decodeSegment, encodeSegment } from '../../src/journal/segment.ts';

const header = { history: 'h', number: 7, first: 3, at: 1_000 };
const record = (fileId: string): JournalRecord => ({
  kind: 'gone',
  gone: { teamId: 'T1', fileId, deletedAt: 5 },
});

describe('segments', () => {
  test('are read as they were written, whatever text is in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' })), async (texts) => {
        const records = texts.map((text) => record(text.toWellFormed()));
        const bytes = await encodeSegment(header, records);
        expect(await decodeSegment(bytes)).toEqual({ header: { format: 1, ...header }, records });
      }),
    );
  });

  test('are made in small steps, so that others have their turn meanwhile', async () => {
    let turns = 0;
    let isOver = false;
    const others = () => {
      turns += 1;
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    await encodeSegment(
      header,
      Array.from({ length: 5_000 }, (_, i) => record(`F${i}`)),
    );
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  test('that were damaged anywhere are never believed', async () => {
    const bytes = await encodeSegment(header, [record('F1'), record('F2')]);
    const text = gunzipSync(bytes).toString();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length - 1 }),
        fc.constantFrom('x', '"', '\n', ''),
        async (at, put) => {
          const changed = text.slice(0, at) + put + text.slice(at + 1);
          // A change that leaves every line as it was is no damage: an empty line at the end, or none.
          fc.pre(changed.replace(/\n*$/, '') !== text.replace(/\n*$/, ''));
          await expect(decodeSegment(gzipSync(changed))).rejects.toMatchObject({ code: 'segment_damaged' });
        },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), async (length) => {
        const cut = decodeSegment(bytes.subarray(0, length));
        await expect(cut).rejects.toMatchObject({ code: 'segment_damaged' });
      }),
    );
  });

  test('of a newer version are refused as such', async () => {
    const [first, ...rest] = gunzipSync(await encodeSegment(header, []))
      .toString()
      .split('\n');
    const newer = gzipSync([first?.replace('"format":1', '"format":2'), ...rest].join('\n'));
    await expect(decodeSegment(newer)).rejects.toMatchObject({ code: 'segment_newer' });
  });
});
