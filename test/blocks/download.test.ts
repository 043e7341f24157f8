import { describe, expect, it } from 'vitest';
import { downloadScreen, downloadView } from '../../src/blocks/download.ts';
import { file } from './samples.ts';
import { expectScreen, expectScreenView, wordsOf } from './snapshot.ts';

const url = 'https://bucket.s3.example/T1/C0GENERAL/F0AB12CD34/Q3%20budget.pdf?X-Amz-Signature=abc';

describe('the download', () => {
  it('is a window with a short-lived link, in the button alone', async () => {
    const view = downloadView({ file: file(), url, minutes: 5 });
    await expectScreenView('download-view', view);
    expect(wordsOf(view)).not.toContain('X-Amz');
  });

  it('is a message where no window can be opened', async () => {
    const screen = downloadScreen({ file: file(), url, minutes: 5 });
    await expectScreen('download', screen);
    expect(screen.text).not.toContain('X-Amz');
  });

  it('refuses a link that no button carries', () => {
    const long = `${url}&${'x'.repeat(3000)}`;
    expect(() => downloadView({ file: file(), url: long, minutes: 5 })).toThrow(RangeError);
  });
});
