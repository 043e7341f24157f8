import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeCard } from '../../../src/catalog/files/cards.ts';
import { channelsOfFile, sharesOf } from '../../../src/catalog/files/lookup.ts';
import { messagesOf } from '../../../src/catalog/files/messages.ts';
import { threadsOf } from '../../../src/catalog/files/threads.ts';
import { removeShare } from '../../../src/catalog/files/unshare.ts';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import type { Post } from '../../../src/catalog/notices/model.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { SlackApiError } from '../../../src/slack/api.ts';
import { confirm } from '../../../src/vault/confirm.ts';
import { type CardFacts, cardFacts } from '../../../src/vault/files/card.ts';
import { getFile } from '../../../src/vault/files/get.ts';
import { makeLink } from '../../../src/vault/files/link.ts';
import { giveFile, planShare, shareFile, takeBackFile } from '../../../src/vault/files/share.ts';
import { T0, TEAM } from '../../catalog/samples.ts';
import { ADMIN, ANNA, BEN, openWorld, type World } from '../world.ts';

const CARD = '1764400000.000100';
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA]);
  await world.channel('G2', [ANNA, BEN]);
  await world.share('F1', 'G1', { name: 'plan.pdf' });
  world.answers.set('chat.postMessage', { ts: CARD });
  world.answers.set('conversations.open', { channel: { id: 'D2' } });
  drawn.length = 0;
  refused.length = 0;
});

const ref = { teamId: TEAM, fileId: 'F1' };
/** What a card or a gift says, and when its message is posted. */
const drawn: string[] = [];
/** Cards and gifts of which somebody is told that Slack refused them. */
const refused: string[] = [];
const draw = ({ right, file, userId }: CardFacts) => {
  drawn.push(`${userId} ${file.name} ${right}`);
  return { text: '', blocks: [] };
};
const share = (userId: string, channelId = 'G2') =>
  shareFile(world.vault, { userId, fileId: 'F1', channelId, draw });
const give = (personId: string, userId = ANNA) => giveFile(world.vault, { userId, fileId: 'F1', personId });
/** What the job does with messages that are due, after this time. Returns where it wrote to Slack. */
async function postDue(afterMs = 0): Promise<string[]> {
  const { catalog, slack: api, log, now: start } = world.vault;
  const now = () => start() + afterMs;
  const owner = `job ${afterMs}`;
  const since = world.asked.length;
  for (const post of await claimDuePosts(catalog, { owner, limit: 9, leaseMs: 9, now: now() })) {
    const render = async (told: Post) => draw(await cardFacts(world.vault, told));
    const onRefusal = async ({ kind, channelId }: Post, isClosed: boolean) =>
      void refused.push(`${kind} ${channelId} ${isClosed}`);
    await confirm({ catalog, api, owner, render, reaction: 'x', log, now, refused: onRefusal }, post);
  }
  return world.asked
    .slice(since)
    .filter(({ method }) => method.startsWith('chat.'))
    .map(({ method, args }) => `${method} ${args.channel}`);
}
const slackSays = (code: string, temporary: boolean) =>
  new SlackApiError('chat.postMessage', code, { temporary });
const takeBack = (channelId: string, ts: string | null, userId = ANNA) =>
  takeBackFile(world.vault, { userId, fileId: 'F1', channelId, ts });
const mayOpen = async (userId: string) => {
  const { catalog, rights } = world.vault;
  const file = await catalog.db
    .selectFrom('file')
    .selectAll()
    .where('fileId', '=', 'F1')
    .executeTakeFirstOrThrow();
  return rights.maySeeFile(userId, file as never);
};
const refusal = (userId: string, channelId: string | null) =>
  makeLink(world.vault, { userId, fileId: 'F1', channelId }).catch(({ message }) => message);
const actions = async () =>
  (await auditOf(world.catalog, ref, 20, [])).map(({ action, channelId }) => `${action} ${channelId}`);

it('a file that its uploader shares is open to the channel, until they take it back', async () => {
  expect(await mayOpen(BEN)).toBe(false);
  expect(await share(ANNA)).toMatchObject({ isOpened: true, ts: CARD });
  expect(await mayOpen(BEN)).toBe(true);
  expect(await mayOpen(ADMIN)).toBe(false);
  expect(
    await getFile(world.vault, { userId: BEN, channelId: 'G2', query: 'plan.pdf', limit: 5 }),
  ).toMatchObject({
    kind: 'link',
  });
  await expect(takeBack('G2', CARD, BEN)).rejects.toMatchObject({ code: 'not_your_file' });
  await takeBack('G2', CARD);
  expect(await mayOpen(BEN)).toBe(false);
  await expect(takeBack('G2', CARD)).rejects.toMatchObject({ code: 'not_open_there' });
  // One act, one line.
  expect(await actions()).toEqual(['unshared G2', 'link G2', 'shared G2', 'stored G1']);
});

it('a second click on Share posts no second card, and Take back closes all', async () => {
  await share(ANNA);
  expect(await share(ANNA)).toMatchObject({ isNew: false, ts: CARD });
  expect(world.asked.filter(({ method }) => method === 'chat.postMessage').length).toBe(1);
  await takeBack('G2', CARD);
  expect(await mayOpen(BEN)).toBe(false);
  world.answers.set('chat.postMessage', { ts: '1764400000.000200' });
  expect(await share(ANNA)).toMatchObject({ isNew: true });
});

it('the card says what is so: also after it was taken back', async () => {
  await share(ANNA);
  await takeBack('G2', CARD);
  expect(await postDue()).toEqual(['chat.update G2']);
  expect(drawn).toEqual(['U1 plan.pdf open', 'U1 plan.pdf back']);
});

describe('a share that dies before its card is posted', () => {
  const written = () =>
    writeCard(world.catalog, {
      ...{ ...ref, channelId: 'G2', kind: 'private', opens: true },
      ...{ actorId: ANNA, owner: 'dead', now: world.vault.now() },
    });

  it('is open already, and its card comes, once', async () => {
    await written();
    expect(await mayOpen(BEN)).toBe(true);
    expect(await postDue()).toEqual([]); // somebody else may be at it
    expect(await postDue(60_000)).toEqual(['chat.postMessage G2']);
    expect(drawn).toEqual(['U1 plan.pdf open']);
    expect(await postDue(120_000)).toEqual([]);
    expect((await sharesOf(world.catalog, ref)).map(({ ts }) => ts)).toContain(CARD);
    // The card goes, and the right with it.
    await removeShare(world.catalog, TEAM, { channelId: 'G2', ts: CARD }, T0 + 5_000);
    expect(await mayOpen(BEN)).toBe(false);
  });

  it('can be taken back by what stands for its message, before it is posted and afterwards', async () => {
    const before = await written();
    await takeBack('G2', before?.topic as string);
    expect(await mayOpen(BEN)).toBe(false);
    expect(await postDue(60_000)).toEqual([]);
    const after = await written();
    expect(await postDue(120_000)).toEqual(['chat.postMessage G2']);
    expect(await mayOpen(BEN)).toBe(true);
    await takeBack('G2', after?.topic as string);
    expect(await mayOpen(BEN)).toBe(false);
    await expect(takeBack('G2', CARD)).rejects.toMatchObject({ code: 'not_open_there' });
  });

  it('shows no message that is not there', async () => {
    await written();
    expect((await sharesOf(world.catalog, ref)).map(({ channelId, ts }) => [channelId, ts])).toEqual([
      ['G1', expect.stringMatching(/^\d/)],
      ['G2', null],
    ]);
    const listed = [{ fileId: 'F1', listedChannelId: 'G2' }];
    expect((await messagesOf(world.catalog, TEAM, listed)).size).toBe(0);
    expect([...(await threadsOf(world.catalog, TEAM, ['F1'])).keys()]).toEqual(['G1']);
  });
});

it('where Slack does not let us post, nothing is shared', async () => {
  world.answers.set('chat.postMessage', slackSays('restricted_action', false));
  await expect(share(ANNA)).rejects.toMatchObject({ code: 'not_allowed_to_post' });
  expect(await mayOpen(BEN)).toBe(false);
  expect(await postDue(120_000)).toEqual([]);
  await world.channel('G1', [ANNA, BEN]);
  await expect(share(BEN)).rejects.toMatchObject({ code: 'not_allowed_to_post' });
  expect(await actions()).not.toContain('posted G2');
});

it('is closed again when Slack refuses the card later, in whichever process', async () => {
  world.answers.set('chat.postMessage', slackSays('ratelimited', true));
  expect(await share(ANNA)).toMatchObject({ isOpened: true, isPosted: false });
  world.answers.set('chat.postMessage', slackSays('restricted_action', false));
  await postDue(120_000);
  expect(await mayOpen(BEN)).toBe(false);
  expect(refused).toEqual(['card G2 true']);
  expect((await actions())[0]).toBe('unshared G2');
});

it('a gift is closed again when its message is refused, and its giver is told', async () => {
  await give(BEN);
  expect(await mayOpen(BEN)).toBe(true);
  world.answers.set('chat.postMessage', slackSays('cannot_dm_bot', false));
  await postDue(120_000);
  expect(await mayOpen(BEN)).toBe(false);
  expect(refused).toEqual(['gift D2 true']);
  expect((await actions())[0]).toBe('given_back null');
  expect(await give(BEN)).toMatchObject({ isNew: true });
});

it('while Slack takes no message, the file is open, and the card follows', async () => {
  world.answers.set('chat.postMessage', slackSays('ratelimited', true));
  expect(await share(ANNA)).toMatchObject({ isOpened: true, isPosted: false });
  expect(await mayOpen(BEN)).toBe(true);
  world.answers.set('chat.postMessage', { ts: CARD });
  expect(await postDue(120_000)).toEqual(['chat.postMessage G2']);
  await takeBack('G2', CARD);
});

it('an admin takes a file back that they can see; where it is open and they are not, they are told only that', async () => {
  await share(ANNA);
  await give('U9');
  await expect(takeBack('G2', CARD, ADMIN)).rejects.toMatchObject({ code: 'no_such_file' });
  await world.channel('G1', [ANNA, ADMIN]);
  await world.channel('G2', [ANNA, BEN]);
  const plan = await planShare(world.vault, { userId: ADMIN, fileId: 'F1', channelId: null });
  expect(plan).toMatchObject({ isOwn: false, opened: [{ channelId: 'U9', ts: null }], hidden: 1 });
  await takeBack('G2', CARD, ADMIN);
  expect(await mayOpen(BEN)).toBe(false);
  const [entry] = await auditOf(world.catalog, ref, 1, []);
  expect(entry).toMatchObject({ action: 'unshared', actorId: ADMIN });
});

it('a file is taken back even where the vault keeps open what is deleted in Slack', async () => {
  world.catalog.onUnshare = 'keep';
  try {
    await share(ANNA);
    await takeBack('G2', CARD);
    expect(await channelsOfFile(world.catalog, ref)).toEqual(['G1']);
  } finally {
    world.catalog.onUnshare = 'hide';
  }
});

it('the channel is closed again when the message of the bot is deleted', async () => {
  await share(ANNA);
  await removeShare(world.catalog, TEAM, { channelId: 'G2', ts: CARD }, T0 + 5_000);
  expect(await mayOpen(BEN)).toBe(false);
});

it('what others post opens a file to nobody, and its card names no channel that its reader may not know', async () => {
  await world.channel('G1', [ANNA, ADMIN]);
  await world.channel('G2', [BEN, ADMIN]);
  expect(await share(ADMIN)).toMatchObject({ isOpened: false });
  expect(drawn).toEqual(['U3 plan.pdf none']);
  expect(await actions()).toEqual(['posted G2', 'stored G1']);
  expect(await mayOpen(BEN)).toBe(false);
  expect(await refusal(BEN, 'G2')).toBe('Only people in another channel can open this. Ask its uploader.');
  // Somebody who did not see the card learns nothing.
  expect(await refusal(BEN, 'G9')).toMatch(/no such file/);
  expect(await refusal(BEN, null)).toMatch(/no such file/);
  expect(await refusal('U9', 'G2')).toMatch(/no such file/);
});

it('a private file can be given to one person, who may open it until it is taken back', async () => {
  await world.channel(ANNA, [], { kind: 'im' });
  expect(await give(BEN)).toMatchObject({ isNew: true });
  expect(await postDue()).toEqual(['chat.postMessage D2']);
  expect(await mayOpen(BEN)).toBe(true);
  expect(await mayOpen('U9')).toBe(false);
  expect(await world.vault.rights.visibleChannels(BEN)).toContain(BEN);
  expect(await give(BEN)).toMatchObject({ isNew: false });
  expect(await postDue(1)).toEqual([]);
  const plan = await planShare(world.vault, { userId: ANNA, fileId: 'F1', channelId: 'G2' });
  expect(plan).toMatchObject({ isOwn: true, channelId: 'G2', opened: [{ channelId: BEN, ts: null }] });
  await takeBack(BEN, null);
  expect(await mayOpen(BEN)).toBe(false);
  // What was told is so no more, and says so.
  expect(await postDue(2)).toEqual(['chat.update D2']);
  expect(drawn).toEqual(['U1 plan.pdf open', 'U1 plan.pdf back']);
  expect(await give(BEN)).toMatchObject({ isNew: true });
  expect(await mayOpen(BEN)).toBe(true);
  expect(await actions()).toEqual(expect.arrayContaining(['given null', 'given_back null']));
});

it('nobody gives away what somebody else uploaded', async () => {
  await world.channel('G1', [ANNA, BEN]);
  await expect(give('U9', BEN)).rejects.toMatchObject({ code: 'not_your_file' });
  expect(await mayOpen('U9')).toBe(false);
});

it('somebody who cannot be written to is given nothing', async () => {
  world.answers.set('conversations.open', slackSays('cannot_dm_user', false));
  await expect(give(BEN)).rejects.toMatchObject({ code: 'cannot_write_to' });
  expect(await mayOpen(BEN)).toBe(false);
});

it('while Slack does not answer, nothing is given; and a message that it did not take is told later', async () => {
  world.answers.set('conversations.open', slackSays('timeout', true));
  await expect(give(BEN)).rejects.toMatchObject({ code: 'timeout' });
  expect(await mayOpen(BEN)).toBe(false);
  world.answers.set('conversations.open', { channel: { id: 'D2' } });
  world.answers.set('chat.postMessage', slackSays('ratelimited', true));
  await give(BEN);
  await postDue();
  world.answers.set('chat.postMessage', { ts: CARD });
  expect(await postDue(60_000)).toEqual(['chat.postMessage D2']);
});
