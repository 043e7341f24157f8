import { describe, expect, it } from 'vitest';
import { digestMessage, storedMessage, trashedMessage } from '../../src/blocks/confirmation.ts';
import { DAY, NOW, notice, notices, post } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

describe('the confirmation in the thread', () => {
  it('is one quiet line for one file', async () => {
    const message = storedMessage({ post: post([notice()]) });
    await expectScreen('stored-one', message);
    expect(message.blocks[0]).toMatchObject({
      text: { text: ':white_check_mark: In the vault: *a.pdf* (1.2 MB)' },
    });
  });

  it('sums up several', async () => {
    await expectScreen('stored-three', storedMessage({ post: post(notices(3, { bytes: 1_048_576 })) }));
  });

  it('names ten and counts the rest', async () => {
    const message = storedMessage({ post: post(notices(22)) });
    await expectScreen('stored-many', message);
    expect(wordsOf(message)).toContain('and 12 more');
  });

  it('counts a file once, and leaves unknown sizes out of the sum', () => {
    const twice = [notice(), notice({ id: 2 }), notice({ id: 3, fileId: 'F2', bytes: null })];
    expect(storedMessage({ post: post(twice) }).text).toBe(
      ':white_check_mark: In the vault: 2 files (1.2 MB)',
    );
  });
});

describe('the digest', () => {
  it('says what came since when', async () => {
    await expectScreen(
      'digest',
      digestMessage({ post: post(notices(3), { kind: 'digest', threadTs: null }) }),
    );
  });
});

describe('the message after a deletion', () => {
  const trashed = notice({ kind: 'trashed', actorId: 'U0ANN' });
  const restored = notice({ id: 2, kind: 'restored', actorId: 'U0BEN' });
  const purgeAt = () => NOW + 30 * DAY;

  it('says who, which file, until when, and offers Undo', async () => {
    await expectScreen('trashed', trashedMessage({ post: post([trashed], { kind: 'trash' }), purgeAt }));
  });

  it('says after Undo who restored it', async () => {
    const message = trashedMessage({ post: post([restored, trashed], { kind: 'trash' }), purgeAt });
    await expectScreen('trashed-then-restored', message);
    expect(JSON.stringify(message)).not.toContain('undo_delete');
  });

  it('offers Undo again when the file is deleted again', () => {
    const again = notice({ id: 3, kind: 'trashed', actorId: 'U0ANN' });
    const message = trashedMessage({ post: post([trashed, restored, again], { kind: 'trash' }), purgeAt });
    expect(JSON.stringify(message)).toContain('undo_delete');
    expect(message.text).toBe(':wastebasket: <@U0ANN> moved a.pdf to the trash.');
  });

  it('has an Undo for each of several files', async () => {
    const several = notices(3, { kind: 'trashed', actorId: 'U0ANN' });
    await expectScreen(
      'trashed-several',
      trashedMessage({ post: post(several, { kind: 'trash' }), purgeAt }),
    );
  });
});
