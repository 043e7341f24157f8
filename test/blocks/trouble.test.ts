import { describe, expect, it } from 'vitest';
import { troubleMessage } from '../../src/blocks/trouble.ts';
import { noFindings } from '../../src/catalog/watch/findings.ts';
import type { Trouble } from '../../src/catalog/watch/troubles.ts';
import { NOW } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

const all: Trouble[] = [
  { kind: 'failing', code: 'bucket_credentials', text: 'x', files: 40 },
  { kind: 'failing', code: 'weird_code', text: 'Something *odd* <!here>.', files: 1 },
  { kind: 'scope', scope: 'files:read' },
  { kind: 'removed', channelId: 'C0GENERAL' },
  { kind: 'verify', counts: { ...noFindings(), missing: 2, wrong_bytes: 1 } },
];
const rows = (clearedAt: number | null) =>
  all.map((trouble, index) => ({ id: index + 1, trouble, raisedAt: NOW, clearedAt }));

describe('the message to the admins', () => {
  it('says what is wrong, each with its remedy', async () => {
    const screen = troubleMessage({ troubles: rows(null) });
    await expectScreen('trouble', screen);
    expect(wordsOf(screen)).toContain('AWS_ACCESS_KEY_ID');
    expect(wordsOf(screen)).not.toContain('<!here>');
  });

  it('marks what was mended', async () => {
    const [first, second, ...others] = rows(null);
    const mended = [first, second].flatMap((row) => (row ? [{ ...row, clearedAt: NOW }] : []));
    await expectScreen('trouble-partly', troubleMessage({ troubles: [...mended, ...others] }));
  });

  it('says that all is well again', async () => {
    const screen = troubleMessage({ troubles: rows(NOW) });
    await expectScreen('trouble-over', screen);
    expect(screen.text).toContain('well again');
  });

  it('is never empty, even when what it told of was forgotten', async () => {
    await expectScreen('trouble-forgotten', troubleMessage({ troubles: [] }));
  });
});
