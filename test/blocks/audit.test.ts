import { describe, expect, it } from 'vitest';
import { auditScreen } from '../../src/blocks/audit.ts';
import type { AuditLine } from '../../src/catalog/governance/audit-list.ts';
import { audit, DAY, NOW } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

const line = (given: Partial<AuditLine> = {}): AuditLine => ({
  ...audit(),
  id: 1,
  fileName: 'Q3 budget.pdf',
  ...given,
});
const page = { entries: [line()], newer: null, older: null };

describe('the audit log', () => {
  it('says who did what to which file where and when', async () => {
    const entries = [
      line({ actorId: 'U0ANN', action: 'link' }),
      line({ action: 'hold_set', actorId: 'U0BEN', fileId: null, fileName: null, channelId: null }),
      line({ fileName: null }),
    ];
    const place = { at: NOW, id: 7 };
    const screen = auditScreen({
      channelId: 'C0GENERAL',
      page: { entries, newer: place, older: place },
      filter: { actorId: 'U0ANN', action: 'link', fileId: 'F1', after: NOW - DAY, before: NOW },
      query: '@anna',
    });
    await expectScreen('audit', screen);
  });

  it('says what was looked at: the log itself, or a file', () => {
    const said = (given: Partial<AuditLine>) =>
      wordsOf(
        auditScreen({
          ...{ channelId: 'C1', filter: {}, query: '' },
          page: { ...page, entries: [line({ action: 'looked', channelId: null, ...given })] },
        }),
      );
    expect(said({ fileId: null, fileName: null })).toContain('looked at the audit log ·');
    expect(said({})).toContain('looked at · Q3 budget.pdf');
  });

  it('says until when the bucket retains what is to be removed', () => {
    const retained = line({ action: 'purge_retained', detail: { until: NOW + DAY } });
    const screen = auditScreen({
      channelId: 'C1',
      page: { ...page, entries: [retained] },
      filter: {},
      query: '',
    });
    expect(wordsOf(screen)).toMatch(/locked by the bucket until .*\d/);
  });

  it('says when nothing matches, and when words are too long to show the next page', async () => {
    const empty = { entries: [], newer: null, older: null };
    await expectScreen('audit-none', auditScreen({ channelId: 'C1', page: empty, filter: {}, query: '' }));
    const long = auditScreen({ channelId: 'C1', page, filter: {}, query: 'x'.repeat(2_000) });
    expect(wordsOf(long)).toContain('too long to show them');
  });
});
