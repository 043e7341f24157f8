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
    ['budget.pdf', { text: 'budget.pdf' }],
    ['Q3 budget.pdf action:downloaded', { text: 'Q3 budget.pdf', action: 'link' }],
    ['action:put on hold budget', { action: 'hold_set', text: 'budget' }],
    ['action:"put on hold"', { action: 'hold_set' }],
    ['action:Deleted-forever', { action: 'purged' }],
    ['action:previewed', { action: 'preview' }],
    ['downloaded', { action: 'link' }],
    ['<#C0GENERAL|general> action:link', { channelId: 'C0GENERAL', action: 'link' }],
    ['in:<#C0GENERAL>', { channelId: 'C0GENERAL' }],
    ['file:budget', { text: 'budget' }],
    ['after:2026-11-01 before:today', { after: Date.UTC(2026, 10, 1), before: Date.UTC(2026, 10, 23) }],
  ])('%j', (text, filter) => {
    expect(parse(text)).toEqual(filter);
  });

  it.each(['action:explode', 'action:F0AB12CD34', 'action:vault', 'action:toString', 'after:soon'])(
    '%j is refused',
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'UserError' }));
    },
  );
});
