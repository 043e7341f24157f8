import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import type { ConfirmMode } from '../../../src/catalog/model.ts';
import {
  claimDuePosts,
  deferPost,
  dropPost,
  markPosted,
  markSending,
  nextPostDueAt,
} from '../../../src/catalog/notices/notices.ts';
import { isOfFile } from '../../../src/catalog/notices/rows.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const MINUTE = 60_000;

describe.each(databases)('notices on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  /** Stores a file shared in a message, which adds a notice at `now`. */
  async function stored(
    fileId: string,
    now: number,
    o: { confirm?: ConfirmMode; threadTs?: string; ts?: string | null; channelId?: string } = {},
  ) {
    const { confirm = 'thread', threadTs = null, ts = '10.1', channelId = 'C1' } = o;
    const share = sampleShare(channelId, T0, { ts, threadTs });
    await recordShares(catalog, TEAM, [{ file: sampleFile(fileId), share }], T0);
    await storeFile(catalog, fileId, { confirm, now });
  }
  const claim = (now: number, owner = 'a') =>
    claimDuePosts(catalog, { owner, limit: 99, leaseMs: 5_000, now });
  const claimOne = async (now: number) => {
    const [post, ...others] = await claim(now);
    expect(others).toEqual([]);
    if (!post) throw new Error('no post is due');
    return post;
  };

  test('a message has one post, also when its last file takes an hour and others were told of meanwhile', async () => {
    await stored('F1', T0, { ts: '10.2', threadTs: '10.1' });
    const [first] = await claim(T0 + 1_000);
    await markPosted(catalog, first?.id ?? 0, 'a', { ts: '5.1', version: 1, now: T0 + 1_000 });
    const later = T0 + 60 * MINUTE;
    await stored('F2', later, { ts: '20.2', threadTs: '10.1' });
    const [second] = await claim(later + 1_000);
    expect(second?.id).not.toBe(first?.id);
    await markPosted(catalog, second?.id ?? 0, 'a', { ts: '5.2', version: 1, now: later + 1_000 });
    await stored('F3', later + 5_000, { ts: '10.2', threadTs: '10.1' });
    const last = await claimOne(later + 6_000);
    expect(last).toMatchObject({ id: first?.id, ts: '5.1', version: 2 });
  });

  test('a burst of sixty files in one thread is one post', async () => {
    for (let i = 0; i < 60; i += 1) await stored(`F${i}`, T0 + i, { ts: `20.${i}`, threadTs: '10.1' });
    expect((await claimOne(T0 + 1_000)).notices).toHaveLength(60);
  });

  test('files of one message within a moment are one post in its thread', async () => {
    await stored('F1', T0);
    await stored('F2', T0 + 900);
    expect(await nextPostDueAt(catalog)).toBe(T0 + 1_000);
    const post = await claimOne(T0 + 1_000);
    expect(post).toMatchObject({
      ...{ teamId: TEAM, channelId: 'C1', threadTs: '10.1', manner: 'message', kind: 'stored' },
      ...{ ts: null, sentAt: null, attempts: 1, version: 2 },
    });
    expect(post.notices).toMatchObject([
      { kind: 'stored', fileId: 'F1', actorId: 'U1', name: 'F1.pdf', bytes: 1_000, at: T0 },
      { kind: 'stored', fileId: 'F2', at: T0 + 900 },
    ]);
    expect(await claim(T0 + 1_000, 'b')).toEqual([]);
    expect(await markSending(catalog, post.id, 'b', T0)).toBe(false);
    expect(await markSending(catalog, post.id, 'a', T0 + 1_001)).toBe(true);
    expect(
      await markPosted(catalog, post.id, 'a', { ts: '11.1', version: post.version, now: T0 + 1_200 }),
    ).toBe(true);
    expect(await nextPostDueAt(catalog)).toBeNull();
  });

  test('a notice that comes while posting, and one after it, edit the same message', async () => {
    await stored('F1', T0);
    const post = await claimOne(T0 + 1_000);
    await stored('F2', T0 + 1_100);
    await markPosted(catalog, post.id, 'a', { ts: '11.1', version: post.version, now: T0 + 1_200 });
    const again = await claimOne(T0 + 1_200);
    expect(again).toMatchObject({ id: post.id, ts: '11.1', version: 2 });
    expect(again.notices).toHaveLength(2);
    await markPosted(catalog, post.id, 'a', { ts: '11.1', version: again.version, now: T0 + 1_300 });
    await stored('F3', T0 + 9 * MINUTE);
    expect(await claimOne(T0 + 10 * MINUTE)).toMatchObject({ id: post.id, version: 3 });
  });

  test('other threads and channels, and ten minutes, each begin a new post', async () => {
    await stored('F1', T0);
    await stored('F2', T0, { threadTs: '9.9' });
    await stored('F3', T0, { channelId: 'C2' });
    await stored('F4', T0, { ts: null });
    await stored('F5', T0 + 10 * MINUTE, { ts: '12.1', threadTs: '10.1' });
    const posts = await claim(T0 + 20 * MINUTE);
    const byFile = Object.fromEntries(
      posts.map((post) => [
        post.notices
          .filter(isOfFile)
          .map((n) => n.fileId)
          .join(),
        post,
      ]),
    );
    expect(byFile).toMatchObject({
      F1: { threadTs: '10.1' },
      F2: { threadTs: '9.9' },
      F3: { channelId: 'C2' },
      F5: { threadTs: '10.1' },
    });
    // Its message is not known: it would stand at the top of the channel.
    expect(Object.keys(byFile)).not.toContain('F4');
  });

  test('a reaction is put on the message; without a message nobody is told', async () => {
    await stored('F1', T0, { confirm: 'reaction', threadTs: '9.9' });
    await stored('F2', T0, { confirm: 'reaction', ts: null });
    expect(await claim(T0 + 1_000)).toMatchObject([{ manner: 'reaction', threadTs: '10.1' }]);
  });

  test('a digest is one message per channel at the full hour, however many files', async () => {
    const hour = Date.UTC(2026, 10, 23, 13);
    for (let i = 0; i < 55; i++)
      await stored(`F${100 + i}`, T0 + i * MINUTE * 0.8, { confirm: 'digest', ts: `${i}.1` });
    await stored('F2', T0, { confirm: 'digest', channelId: 'C2' });
    await stored('F3', hour, { confirm: 'digest' });
    expect(await nextPostDueAt(catalog)).toBe(hour);
    // In any order.
    const claimed = (await claim(hour)).map((post) => [post.kind, post.channelId, post.notices.length]);
    expect(claimed.sort()).toEqual([
      ['digest', 'C1', 55],
      ['digest', 'C2', 1],
    ]);
    expect(await claim(hour + 60 * MINUTE, 'b')).toContainEqual(
      expect.objectContaining({ version: 1, channelId: 'C1' }),
    );
  });

  test('with confirmations off nothing is told', async () => {
    await stored('F1', T0, { confirm: 'off' });
    expect(await nextPostDueAt(catalog)).toBeNull();
  });

  test('an attempt whose answer is unknown is remembered; a refused one is not', async () => {
    await stored('F1', T0);
    const post = await claimOne(T0 + 1_000);
    await markSending(catalog, post.id, 'a', T0 + 1_001);
    await deferPost(catalog, post.id, 'a', { dueAt: T0 + 3_000, code: 'request_error' });
    await stored('F2', T0 + 2_000);
    expect(await nextPostDueAt(catalog)).toBe(T0 + 3_000);
    expect(await claimOne(T0 + 3_000)).toMatchObject({ sentAt: T0 + 1_001, attempts: 2 });
    await deferPost(catalog, post.id, 'a', { dueAt: T0 + 4_000, code: 'ratelimited', refused: true });
    expect(await claimOne(T0 + 4_000)).toMatchObject({ sentAt: null, attempts: 3 });
  });

  test('a post cut off by a dead process is claimed again after its lease', async () => {
    await stored('F1', T0);
    const post = await claimOne(T0 + 1_000);
    await markSending(catalog, post.id, 'a', T0 + 1_001);
    expect(await claim(T0 + 5_999, 'b')).toEqual([]);
    expect(await claim(T0 + 6_000, 'b')).toMatchObject([{ id: post.id, sentAt: T0 + 1_001 }]);
  });

  test('a post that can never be sent is dropped, and the next notice begins another', async () => {
    await stored('F1', T0);
    const post = await claimOne(T0 + 1_000);
    expect(await dropPost(catalog, post.id, 'a', 'is_archived')).toBe(true);
    expect(await nextPostDueAt(catalog)).toBeNull();
    await stored('F2', T0 + 2_000);
    expect((await claimOne(T0 + 3_000)).id).not.toBe(post.id);
  });
});
