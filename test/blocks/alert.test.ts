import { describe, expect, it } from 'vitest';
import { alertMessage } from '../../src/blocks/alert.ts';
import type { Alert } from '../../src/catalog/alerts/alerts.ts';
import { noFindings } from '../../src/catalog/alerts/findings.ts';
import { NOW } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

const all: Alert[] = [
  { kind: 'failing', code: 'bucket_credentials', text: 'x', files: 40 },
  { kind: 'failing', code: 'weird_code', text: 'Something *odd* <!here>.', files: 1 },
  { kind: 'scope', scope: 'files:read' },
  { kind: 'removed', channelId: 'C0GENERAL' },
  { kind: 'verify', counts: { ...noFindings(), missing: 2, wrong_bytes: 1 } },
];
const rows = (clearedAt: number | null) =>
  all.map((alert, index) => ({ id: index + 1, alert, raisedAt: NOW, clearedAt }));

describe('the message to the admins', () => {
  it('says what is wrong, each with its remedy', async () => {
    const screen = alertMessage({ alerts: rows(null) });
    await expectScreen('alert', screen);
    expect(wordsOf(screen)).toContain('AWS_ACCESS_KEY_ID');
    expect(wordsOf(screen)).not.toContain('<!here>');
  });

  it('says that nothing is lost only where that is true', () => {
    const of = (...alerts: Alert[]) =>
      wordsOf(
        alertMessage({ alerts: alerts.map((alert, id) => ({ id, alert, raisedAt: NOW, clearedAt: null })) }),
      );
    const failing = all[0] as Alert;
    expect(of(failing)).toContain('Nothing is lost: it is tried again.');
    for (const other of [all[4] as Alert, { kind: 'infected', signature: 'Eicar', files: 1 } as Alert]) {
      expect(of(other)).not.toContain('tried again');
      expect(of(failing, other)).not.toContain('Nothing is lost');
      expect(of(other)).toContain('`/vault status` shows more.');
    }
  });

  it('marks what was mended', async () => {
    const [first, second, ...others] = rows(null);
    const mended = [first, second].flatMap((row) => (row ? [{ ...row, clearedAt: NOW }] : []));
    await expectScreen('alert-partly', alertMessage({ alerts: [...mended, ...others] }));
  });

  it('says that all is well again', async () => {
    const screen = alertMessage({ alerts: rows(NOW) });
    await expectScreen('alert-over', screen);
    expect(screen.text).toContain('fine again');
  });

  it('is never empty, even when what it told of was forgotten', async () => {
    await expectScreen('alert-forgotten', alertMessage({ alerts: [] }));
  });
});
