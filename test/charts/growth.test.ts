// @slow: draws many random pictures.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../src/charts/draw.ts';
import { growthOf } from '../../src/charts/growth.ts';
import { growthSpec } from '../../src/charts/growth-spec.ts';

const NOW = Date.UTC(2026, 10, 23);

describe('growth by month', () => {
  it('shows six months of a young vault, the empty ones too', () => {
    const months = growthOf([{ name: '2026-10', files: 2, bytes: 300 }], 300, NOW);
    expect(months.map(({ month }) => month)).toEqual([
      ...['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'],
    ]);
    expect(months.at(-2)).toEqual({ month: '2026-10', before: 0, added: { files: 2, bytes: 300 } });
    expect(months.at(-1)).toEqual({ month: '2026-11', before: 300, added: { files: 0, bytes: 0 } });
  });

  it('shows twelve of an old one, and counts what was before them', () => {
    const months = growthOf([], 5_000, NOW);
    expect(months).toHaveLength(12);
    expect(months[0]).toEqual({ month: '2025-12', before: 5_000, added: { files: 0, bytes: 0 } });
  });

  it('is without gaps, each month beginning where the one before it ended', () => {
    const month = fc
      .integer({ min: 0, max: 11 })
      .map((back) => new Date(Date.UTC(2026, 10 - back)).toISOString().slice(0, 7));
    const part = fc.record({ name: month, files: fc.nat(), bytes: fc.nat() });
    fc.assert(
      fc.property(fc.uniqueArray(part, { selector: ({ name }) => name }), fc.nat(), (parts, older) => {
        const sorted = parts.sort((a, b) => (a.name < b.name ? -1 : 1));
        const sum = parts.reduce((all, { bytes }) => all + bytes, older);
        const months = growthOf(sorted, sum, NOW);
        const last = months.at(-1);
        expect(last?.month).toBe('2026-11');
        expect((last?.before ?? 0) + (last?.added.bytes ?? 0)).toBe(sum);
        for (const [index, { before, added }] of months.entries()) {
          const next = months[index + 1];
          if (next) expect(next.before).toBe(before + added.bytes);
        }
      }),
    );
  });

  it.each([
    ['nothing', [], 0],
    ['a byte', [{ name: '2026-11', files: 1, bytes: 1 }], 1],
    ['petabytes', [{ name: '2026-01', files: 9_000_000, bytes: 8e15 }], 8.5e15],
  ])('draws %s as a PNG of 1,440 × 800', async (_, parts, total) => {
    const png = await drawChart(growthSpec(growthOf(parts, total, NOW)));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 800]);
    // Bars, axes and letters; an empty ground would be a fifth of it.
    expect(png.length).toBeGreaterThan(20_000);
  });

  it('says what went wrong when a chart cannot be drawn', async () => {
    await expect(drawChart({ marks: [{ type: 'no such mark' }] } as never)).rejects.toThrow();
  });
});
