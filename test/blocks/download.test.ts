import { describe, expect, it } from 'vitest';
import { downloadScreen, downloadView } from '../../src/blocks/download.ts';
import { file } from './samples.ts';
import { expectScreen, expectScreenView } from './snapshot.ts';

const url = 'https://bucket.s3.example/T1/C0GENERAL/F0AB12CD34/Q3%20budget.pdf?X-Amz-Signature=abc';

describe('the download', () => {
  it('is a button with a short-lived link', async () => {
    const screen = downloadScreen({ file: file(), url, minutes: 5 });
    await expectScreen('download', screen);
    expect(screen.text).not.toContain('X-Amz');
  });

  it('is the same in a modal', async () => {
    await expectScreenView('download-view', downloadView({ file: file({ sha256: null }), url, minutes: 1 }));
  });

  it('refuses a link that no button carries', () => {
    const long = `${url}&${'x'.repeat(3000)}`;
    expect(() => downloadScreen({ file: file(), url: long, minutes: 5 })).toThrow(RangeError);
  });
});
