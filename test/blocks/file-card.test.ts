import { describe, expect, it } from 'vitest';
import { fileCard, postedCard } from '../../src/blocks/file-card.ts';
import { file, listed } from './samples.ts';
import { expectScreen } from './snapshot.ts';

describe('the card of a file', () => {
  it('has its download at once, in the button alone', async () => {
    const screen = fileCard({ file: listed(), url: 'https://s3.example/a?X-Amz-Signature=1', minutes: 5 });
    await expectScreen('file-card', screen);
    expect(screen.text).not.toContain('s3.example');
  });

  it('in a channel carries no link and no place', async () => {
    const screen = postedCard({ file: file(), userId: 'U0BEN' });
    await expectScreen('posted-card', screen);
    expect(JSON.stringify(screen)).not.toContain('C0GENERAL');
  });

  it('refuses a link that no button can carry', () => {
    expect(() => fileCard({ file: listed(), url: `https://x/${'a'.repeat(3000)}`, minutes: 5 })).toThrow(
      RangeError,
    );
  });
});
