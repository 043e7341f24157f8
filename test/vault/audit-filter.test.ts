import { describe, expect, it } from 'vitest';
import { parseAuditFilter } from '../../src/vault/audit-filter.ts';

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const parse = (text: string) => parseAuditFilter(text, { now: NOW, timeZoneOffset: 0 });

describe('the words of /vault audit', () => {
  it.each([
    ['', {}],
    ['<@U0ANN|anna> action:link', { actorId: 'U0ANN', action: 'link' }],
    ['by:<@U0ANN>', { actorId: 'U0ANN' }],
    ['vault action:purge-ordered', { actorId: 'vault', action: 'purge_ordered' }],
    ['F0AB12CD34', { fileId: 'F0AB12CD34' }],
    ['file:F0AB12CD34', { fileId: 'F0AB12CD34' }],
    ['file: f0ab12cd34', { fileId: 'F0AB12CD34' }],
    ['from: <@U0ANN|Anna Lee> after: 7d', { actorId: 'U0ANN', after: Date.UTC(2026, 10, 16) }],
    ['after:2026–11–01', { after: Date.UTC(2026, 10, 1) }],
    ['after:2026-11-01 before:today', { after: Date.UTC(2026, 10, 1), before: Date.UTC(2026, 10, 23) }],
  ])('%j', (text, filter) => {
    expect(parse(text)).toEqual(filter);
  });

  it.each([
    'anna',
    'action:explode',
    'action:F0AB12CD34',
    'feature',
    'action:vault',
    'action:toString',
    'file:../../etc',
    'after:soon',
  ])('%j is refused', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});
