import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { shareSubmit } from '../../src/actions/share-here.ts';
import { openedTo } from '../../src/catalog/files/open-to.ts';
import { SlackApiError } from '../../src/slack/api.ts';
import { TEAM } from '../catalog/samples.ts';
import { ANNA, BEN, openWorld, type World } from '../vault/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA]);
  await world.channel('G2', [ANNA]);
  await world.channel('G3', [BEN]);
  await world.share('F1', 'G1');
  world.answers.set('chat.postMessage', { ts: '1764400000.000100' });
  world.answers.set('conversations.open', { channel: { id: 'D2' } });
});

const submit = async (channelId: string, personId: string) => {
  const values = {
    channel: { value: { selected_conversation: channelId } },
    person: { value: { selected_user: personId } },
  };
  const submitted = { userId: ANNA, viewId: 'V1', metadata: JSON.stringify({ fileId: 'F1' }), values };
  return JSON.stringify((await shareSubmit.run(world.vault, submitted)).blocks);
};
const opened = async () =>
  (await openedTo(world.catalog, { teamId: TEAM, fileId: 'F1' })).map(({ channelId }) => channelId).sort();

it('a channel and a person in one window get the file, each told on its own', async () => {
  const said = await submit('G2', BEN);
  expect(said).toContain('can now open');
  expect(said).toContain('Members can now open it');
  expect(await opened()).toEqual(['G2', BEN].sort());
});

it.each([
  ['the channel', 'G3', BEN, 'not_here'],
  ['the person', 'G2', 'U0BOT', /./],
])('if %s is refused, nothing is done', async (_, channelId, personId, code) => {
  const matching = typeof code === 'string' ? code : expect.stringMatching(code);
  await expect(submit(channelId, personId)).rejects.toMatchObject({ code: matching });
  expect(await opened()).toEqual([]);
});

it('what was done before Slack refused the rest is told as done', async () => {
  world.answers.set('chat.postMessage', new SlackApiError('chat.postMessage', 'restricted_action'));
  const said = await submit('G2', BEN);
  expect(said).toContain('can now open');
  expect(said).toContain('Slack does not let me post in this channel');
  expect(await opened()).toEqual([BEN]);
});

it('what the window was opened from is drawn again, to say who can open the file now', async () => {
  let drawn = 0;
  world.vault.redraws.keep('V1', async () => void drawn++, world.vault.now());
  await submit('G2', '');
  expect(drawn).toBe(1);
});
