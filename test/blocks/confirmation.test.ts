import { describe, expect, it } from 'vitest';
import { digestMessage, storedMessage, trashedMessage } from '../../src/blocks/confirmation.ts';
import { briefReason } from '../../src/blocks/state.ts';
import { reasons as reasonWords } from '../../src/blocks/text/wording-unkept.ts';
import type { SkipReason } from '../../src/catalog/model.ts';
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

describe('what was not kept', () => {
  const link = notice({
    id: 1,
    kind: 'not_kept',
    fileId: 'F1',
    name: 'Roadmap',
    bytes: null,
    reason: 'external',
  });
  const huge = notice({ id: 2, kind: 'not_kept', fileId: 'F2', name: 'huge.mov', reason: 'too_large' });
  const kept = notice({ id: 3, fileId: 'F3', name: 'a.pdf' });
  const about = (fileId: string) =>
    fileId === 'F1' ? { externalUrl: 'https://docs.google.com/document/d/1' } : { maxFileBytes: 1_048_576 };
  const line = 'Not kept: Roadmap (Google Drive, link only) · huge.mov (larger than 1 MB)';

  it('is one small line under what was kept', async () => {
    const message = storedMessage({ post: post([link, huge, kept]), about });
    await expectScreen('stored-and-not-kept', message);
    expect(message.blocks.at(-1)).toMatchObject({ type: 'context', elements: [{ text: line }] });
  });

  it('stands alone where nothing was kept', async () => {
    const message = storedMessage({ post: post([link, huge]), about });
    await expectScreen('not-kept', message);
    expect(message).toMatchObject({ text: line, blocks: [{ type: 'context' }] });
  });

  it('is gone once the file was stored after all', () => {
    const later = notice({ id: 4, fileId: 'F1', name: 'Roadmap' });
    const message = storedMessage({ post: post([link, later]), about });
    expect(JSON.stringify(message)).not.toContain('Not kept');
  });

  it('names a few and counts the rest, each with a reason in words', () => {
    const reasons = Object.keys(reasonWords) as SkipReason[];
    const many = reasons.map((reason, i) =>
      notice({ id: i + 1, kind: 'not_kept', fileId: `F${i}`, name: `f${i}.bin`, reason }),
    );
    const { text } = storedMessage({ post: post(many) });
    expect(text).toContain(`and ${reasons.length - 5} more`);
    for (const reason of reasons) expect(briefReason({ reason })).toMatch(/^[A-Za-z].+/);
  });

  it('is in the digest, too', async () => {
    const digest = post([link, kept], { kind: 'digest', threadTs: null });
    await expectScreen('digest-not-kept', digestMessage({ post: digest, about }));
    expect(digestMessage({ post: post([link], { kind: 'digest', threadTs: null }), about }).text).toBe(
      'Not kept: Roadmap (Google Drive, link only)',
    );
  });
});

it('files are told in the order of their messages and of their places in them', () => {
  const at = (id: number, name: string, sortKey: string | null) =>
    notice({ id, fileId: name, name, bytes: 1, sortKey });
  const told = [
    at(1, 'c', '20.1 0001'),
    at(2, 'b', '20.1 0000'),
    at(3, 'a', '10.1 0010'),
    at(4, 'old', null),
  ];
  const words = wordsOf(storedMessage({ post: post(told) }));
  expect([...words.matchAll(/\*(\w+)\* \(/g)].map(([, name]) => name)).toEqual(['old', 'a', 'b', 'c']);
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
