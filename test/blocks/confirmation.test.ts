import { describe, expect, it } from 'vitest';
import {
  digestMessage,
  lessScreen,
  signMessage,
  storedMessage,
  trashedMessage,
} from '../../src/blocks/confirmation.ts';
import { briefReason } from '../../src/blocks/state.ts';
import { reasons as reasonWords } from '../../src/blocks/text/wording-unkept.ts';
import type { SkipReason } from '../../src/catalog/model.ts';
import type { FileNotice } from '../../src/catalog/notices/model.ts';
import { notice, notices, post } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

describe('the confirmation in the thread', () => {
  const blocksOf = (n: number) => storedMessage({ post: post(notices(n, { bytes: 1_048_576 })) }).blocks;
  const line = (text: string) => [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];

  it('is one quiet line for one file', async () => {
    await expectScreen('stored-one', storedMessage({ post: post([notice()]) }));
    expect(storedMessage({ post: post([notice()]) })).toEqual({
      text: 'Saved a.pdf · 1.2 MB',
      blocks: line('Saved *a.pdf* · 1.2 MB'),
    });
  });

  it('names up to three, and only counts more, in one line', async () => {
    await expectScreen('stored-three', storedMessage({ post: post(notices(3, { bytes: 1_048_576 })) }));
    expect(blocksOf(2)).toEqual(line('Saved *photo-1.jpg* and *photo-2.jpg* · 2 MB'));
    expect(blocksOf(3)).toEqual(line('Saved *photo-1.jpg*, *photo-2.jpg* and *photo-3.jpg* · 3 MB'));
    expect(blocksOf(4)).toEqual(line('Saved 4 files · 4 MB'));
    const ten = storedMessage({ post: post(notices(10, { bytes: 2_516_582 })) });
    await expectScreen('stored-many', ten);
    expect(ten).toMatchObject({ text: 'Saved 10 files · 24 MB', blocks: line('Saved 10 files · 24 MB') });
  });

  it('counts a file once, and leaves unknown sizes out', () => {
    const twice = [notice(), notice({ id: 2 }), notice({ id: 3, fileId: 'F2', bytes: null })];
    expect(storedMessage({ post: post(twice) }).text).toBe('Saved 2 files · 1.2 MB');
    expect(storedMessage({ post: post([notice({ bytes: null })]) }).text).toBe('Saved a.pdf');
  });

  it('explains in small print how to get less, with a button, if it is to', async () => {
    const message = storedMessage({ post: post([notice()]), explains: 'file_cabinet' });
    await expectScreen('stored-explains', message);
    expect(wordsOf(message)).toContain('I can put :file_cabinet: on saved messages instead');
    expect(JSON.stringify(message)).toContain('confirm_less');
    await expectScreen('less', lessScreen({ sign: 'floppy_disk' }));
    await expectScreen('sign', signMessage({ sign: 'floppy_disk' }));
  });
});

describe('what was not saved', () => {
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
  const line = 'Not saved: Roadmap (Google Drive, link only) · huge.mov (larger than 1 MB)';

  it('is one small line under what was saved', async () => {
    const message = storedMessage({ post: post([link, huge, kept]), about });
    await expectScreen('stored-and-not-kept', message);
    expect(message.blocks.at(-1)).toMatchObject({ type: 'context', elements: [{ text: line }] });
  });

  it('stands alone where nothing was saved', async () => {
    const message = storedMessage({ post: post([link, huge]), about });
    await expectScreen('not-kept', message);
    expect(message).toMatchObject({ text: line, blocks: [{ type: 'context' }] });
  });

  it('is gone once the file was stored after all', () => {
    const later = notice({ id: 4, fileId: 'F1', name: 'Roadmap' });
    const message = storedMessage({ post: post([link, later]), about });
    expect(JSON.stringify(message)).not.toContain('Not saved');
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
      'Not saved: Roadmap (Google Drive, link only)',
    );
  });
});

it('files are told in the order of their messages and of their places in them', () => {
  const at = (id: number, name: string, sortKey: string | null) =>
    notice({ id, fileId: name, name, bytes: 1, sortKey });
  const told = [at(1, 'c', '20.1 0001'), at(2, 'b', '20.1 0000'), at(3, 'a', '10.1 0010')];
  expect(wordsOf(storedMessage({ post: post(told) }))).toContain('Saved *a*, *b* and *c* · 3 bytes');
  const older = [at(1, 'b', '20.1 0000'), at(4, 'old', null)];
  expect(wordsOf(storedMessage({ post: post(older) }))).toContain('Saved *old* and *b*');
});

describe('the digest', () => {
  it('says what came since when', async () => {
    await expectScreen(
      'digest',
      digestMessage({ post: post(notices(3), { kind: 'digest', threadTs: null }) }),
    );
  });
});

describe('the line after a deletion', () => {
  const names = new Map([
    ['U0ANN', 'Anna'],
    ['U0BEN', 'Ben & co'],
  ]);
  const trashed = notice({ kind: 'trashed', actorId: 'U0ANN' });
  const restored = notice({ id: 2, kind: 'restored', actorId: 'U0BEN' });
  const told = (given: FileNotice[]) => trashedMessage({ post: post(given, { kind: 'trash' }), names });

  it('says plainly who deleted which file: no mention, no button', async () => {
    await expectScreen('trashed', told([trashed]));
    expect(told([trashed]).text).toBe('Anna deleted a.pdf.');
    expect(JSON.stringify(told([trashed]))).not.toMatch(/undo_delete|<@/);
  });

  it('says after Undo who restored it, and after another deletion who deleted it', async () => {
    await expectScreen('trashed-then-restored', told([restored, trashed]));
    expect(told([restored, trashed]).text).toBe('Ben &amp; co restored a.pdf.');
    const again = notice({ id: 3, kind: 'trashed', actorId: 'U0ANN' });
    expect(told([trashed, restored, again]).text).toBe('Anna deleted a.pdf.');
  });

  it('is one line for several files, whatever became of them', async () => {
    const three = notices(3, { kind: 'trashed', actorId: 'U0ANN' });
    const many = notices(12, { kind: 'trashed', actorId: 'U0ANN' });
    await expectScreen('trashed-several', told(three));
    expect(wordsOf(told(three))).toContain('Anna deleted *photo-1.jpg*, *photo-2.jpg* and *photo-3.jpg*.');
    expect(told(many).text).toBe('Anna deleted 12 files.');
    expect(told(many).blocks).toHaveLength(1);
    const back = notice({ id: 99, kind: 'restored', fileId: 'F1', actorId: 'U0BEN' });
    expect(told([...many, back]).text).toBe('Anna deleted 12 files. 1 restored.');
  });

  it('names nobody whom Slack does not tell of, and the bot by its name', () => {
    expect(told([notice({ kind: 'trashed', actorId: 'U0GONE' })]).text).toMatch(/^Someone deleted/);
    expect(told([notice({ kind: 'trashed', actorId: 'vault' })]).text).toMatch(/^RIA Vault deleted/);
  });
});
