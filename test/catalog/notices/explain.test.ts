import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { explainSign, explainsLess, forgetExplanation } from '../../../src/catalog/notices/explain.ts';
import { claimDuePosts, dropPost, markPosted } from '../../../src/catalog/notices/notices.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

describe.each(databases)('what is explained once, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const lease = { owner: 'a', limit: 9, leaseMs: 5_000 };
  /** Two confirmations of one channel, in two threads. */
  async function posts(channelId = 'C1') {
    for (const [fileId, ts] of [
      ['F1', '10.1'],
      ['F2', '20.1'],
    ] as const) {
      const share = sampleShare(channelId, T0, { ts });
      await recordShares(catalog, TEAM, [{ file: sampleFile(fileId), share }], T0);
      await storeFile(catalog, fileId, { confirm: 'thread', now: T0 });
    }
    return claimDuePosts(catalog, { ...lease, now: T0 + 1_000 });
  }
  type Confirmation = Awaited<ReturnType<typeof posts>>[number];
  const explains = (post: Confirmation | undefined) => explainsLess(catalog, post as Confirmation, 'thread');
  const choose = (confirm: 'reaction' | 'thread') =>
    saveOverrides(catalog, {
      ...{ teamId: TEAM, channelId: 'C1', actorId: 'U1', now: T0 },
      own: { ...NO_OVERRIDES, confirm },
    });

  test('one confirmation a channel says how to get less, whoever asks first, and it goes on saying so', async () => {
    const [first, second] = await posts();
    const asked = await Promise.all([explains(first), explains(second), explains(first), explains(second)]);
    expect(asked.filter(Boolean)).toHaveLength(2);
    expect([asked[0], asked[1]]).toEqual([asked[2], asked[3]]);
    expect(asked[0]).not.toBe(asked[1]);
  });

  test('if it could never be posted, the next one does; if it was posted, none does', async () => {
    const [first, second] = await posts();
    expect(await explains(first)).toBe(true);
    await dropPost(catalog, first?.id ?? 0, 'a', 'unthreaded');
    expect(await explains(second)).toBe(true);
    await markPosted(catalog, second?.id ?? 0, 'a', { ts: '5.5', version: 1, now: T0 });
    await catalog.db.updateTable('post').set({ droppedCode: 'message_not_found' }).execute();
    expect(await explains(first)).toBe(false);
  });

  test('nothing is explained in a direct message, or where no thread is written to', async () => {
    const [direct] = await posts('D1');
    expect(await explains(direct)).toBe(false);
    await empty(catalog);
    const [first] = await posts();
    expect(await explainsLess(catalog, first as Confirmation, 'reaction')).toBe(false);
    await choose('reaction');
    expect(await explains(first)).toBe(false);
    await choose('thread');
    expect(await explainsLess(catalog, first as Confirmation, 'off')).toBe(true);
  });

  test('after the choice, the message that explained it is drawn again', async () => {
    const [first] = await posts();
    await explains(first);
    await markPosted(catalog, first?.id ?? 0, 'a', { ts: '5.5', version: 1, now: T0 });
    await forgetExplanation(catalog, { teamId: TEAM, channelId: 'C1' }, T0 + 9);
    const due = await claimDuePosts(catalog, { ...lease, owner: 'b', now: T0 + 10 });
    expect(due.map(({ id }) => id)).toEqual([first?.id]);
  });

  test('the first sign of a channel is explained in its thread, and no other; not where an admin chose it', async () => {
    const signed = (ts: string) => explainSign(catalog, { teamId: TEAM, channelId: 'C1', ts }, T0);
    const signs = async () =>
      (await claimDuePosts(catalog, { ...lease, now: T0 + 9_000 })).filter(({ kind }) => kind === 'sign');
    const share = sampleShare('C1', T0, { ts: '10.2', threadTs: '10.1' });
    await recordShares(catalog, TEAM, [{ file: sampleFile('F1'), share }], T0);
    await Promise.all([signed('10.2'), signed('10.2'), signed('10.2')]);
    await signed('20.1');
    const told = await signs();
    expect(told).toMatchObject([{ channelId: 'C1', threadTs: '10.1', manner: 'message' }]);
    await dropPost(catalog, told[0]?.id ?? 0, 'a', 'unthreaded');
    await choose('reaction');
    await signed('20.1');
    expect(await signs()).toEqual([]);
    await choose('thread');
    await catalog.db.deleteFrom('rule').execute();
    await signed('20.1');
    expect(await signs()).toMatchObject([{ threadTs: '20.1' }]);
  });
});
