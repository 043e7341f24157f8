import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerInChannel } from '../../../src/vault/files/channel-answer.ts';
import { filesPage } from '../../../src/vault/files/page.ts';
import { ADMIN, ANNA, BEN, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, ADMIN]);
  await world.channel('G2', [BEN]);
  await world.share('F1', 'G1');
  await world.share('F2', 'G2');
  await world.share('F3', 'G1', { skip: 'too_large' });
});

const page = (userId: string, channelId: string, query = '', unseen?: 'empty' | 'refused') =>
  filesPage(world.vault, { userId, channelId, query, limit: 10, ...(unseen ? { unseen } : {}) });
const idsOf = ({ page }: Awaited<ReturnType<typeof filesPage>>) =>
  page.files.map(({ fileId }) => fileId).sort();

describe('a page of files', () => {
  it('has what the person may see, everywhere or in one channel', async () => {
    expect(idsOf(await page(ANNA, ''))).toEqual(['F1', 'F2', 'F3']); // her own, wherever they are
    expect(idsOf(await page(BEN, ''))).toEqual(['F2']);
    expect(idsOf(await page(ADMIN, ''))).toEqual(['F1', 'F3']);
    expect(idsOf(await page(ANNA, 'G1'))).toEqual(['F1', 'F3']);
  });

  it('says which of them the person may delete, and what their channel takes', async () => {
    const anna = await page(ANNA, 'G1');
    expect([...anna.deletable].sort()).toEqual(['F1', 'F3']);
    expect([...anna.maxBytes]).toEqual([['G1', 1_000_000]]);
    expect([...(await page(BEN, 'G2')).deletable]).toEqual([]);
  });

  it('shows a channel that the person cannot see as an empty one, or refuses it', async () => {
    expect(idsOf(await page(BEN, 'G1'))).toEqual([]);
    expect(idsOf(await page(BEN, '', '<#G1>'))).toEqual([]);
    await expect(page(BEN, 'G1', '', 'refused')).rejects.toMatchObject({ code: 'not_a_member' });
  });

  it.each(['empty', 'refused'] as const)(
    'says of a channel that the bot lost what to do (%s)',
    async (unseen) => {
      await world.channel('G3', [], { bot: false });
      await expect(page(BEN, 'G3', '', unseen)).rejects.toMatchObject({ code: 'bot_removed' });
    },
  );

  it('of one channel is not of another, and a word that cannot be read is told', async () => {
    await expect(page(ANNA, 'G1', '<#G2>')).rejects.toMatchObject({ code: 'one_channel' });
    const { notes } = await page(ANNA, 'G1', 'after:never');
    expect(notes.notUnderstood).toMatchObject([{ what: 'date', typed: 'after:never' }]);
  });
});

describe('an answer in front of a channel', () => {
  const ask = (userId: string, query: string) =>
    answerInChannel(world.vault, { userId, channelId: 'G1', query, limit: 10 });

  it('has only files of this channel, and no actions that only some people may do', async () => {
    const { page, isOfChannel, isForAll } = await ask(ANNA, '');
    expect([idsOf(page), page.deletable.size]).toEqual([['F1', 'F3'], 0]);
    expect([isOfChannel, isForAll]).toEqual([true, true]);
  });

  it('is for the asker alone when it is about other channels, or nothing is found here', async () => {
    const other = await ask(ANNA, '<#G2>');
    expect([other.isOfChannel, other.isForAll]).toEqual([false, false]);
    const none = await ask(ANNA, 'nothing-like-it');
    expect([none.isOfChannel, none.isForAll, none.page.page.files]).toEqual([false, false, []]);
  });

  it('is refused to people who cannot see the channel', async () => {
    await expect(ask(BEN, '')).rejects.toMatchObject({ code: 'not_a_member' });
  });
});
