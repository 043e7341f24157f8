import { describe, expect, it } from 'vitest';
import { closedCard, fileCard, unkeptCard } from '../../src/blocks/file-card.ts';
import { listed, NOW, notStored } from './samples.ts';
import { expectScreen } from './snapshot.ts';

describe('the card of a file', () => {
  it('has its download at once, in the button alone', async () => {
    const screen = fileCard({ file: listed(), url: 'https://s3.example/a?X-Amz-Signature=1', minutes: 5 });
    await expectScreen('file-card', screen);
    expect(screen.text).not.toContain('s3.example');
  });

  it('of a file that is not kept says what it is instead, and opens it where it lives', async () => {
    const link = {
      state: 'skipped' as const,
      reason: 'external' as const,
      externalUrl: 'https://docs.google.com/d/1',
    };
    const external = listed({ ...notStored, ...link, mode: 'external', name: 'Plan', size: null });
    await expectScreen('unkept-card', unkeptCard({ file: external, now: NOW, maxBytes: null }));
    const large = listed({ ...notStored, state: 'skipped', reason: 'too_large' });
    const words = JSON.stringify(unkeptCard({ file: large, now: NOW, maxBytes: 1_048_576 }));
    expect(words).toContain('larger than this channel allows (1 MB)');
    expect(words).toContain('"url":"https://example.slack.com/files/U0ANN/F0AB12CD34/q3.pdf"');
    expect(words).not.toContain('Download');
  });

  it('of a file that the malware gate keeps closed says why, and leads to its Details', () => {
    const screen = JSON.stringify(closedCard({ file: listed(), message: 'Found `Eicar` in <this>.' }));
    expect(screen).toContain('Found `Eicar` in &lt;this&gt;.');
    expect(screen).toContain('"action_id":"show_details"');
    expect(screen).not.toContain('Download');
  });

  it('refuses a link that no button can carry', () => {
    expect(() => fileCard({ file: listed(), url: `https://x/${'a'.repeat(3000)}`, minutes: 5 })).toThrow(
      RangeError,
    );
  });
});
