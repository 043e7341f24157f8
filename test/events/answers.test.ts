import { expect, it, vi } from 'vitest';
import { appMention } from '../../src/events/app-mention.ts';
import { directMessage } from '../../src/events/direct-message.ts';
import type { Vault } from '../../src/vault/context.ts';

const BOT = 'U0BOT';
type Event = Record<string, unknown>;

/** Registers the listeners, and tells which calls of Slack a delivery causes: thanks are answered without the catalog. */
function listening() {
  const listeners: Array<{ name: string; run: (given: { event: Event }) => Promise<void> }> = [];
  const app = {
    event: (name: string, run: (given: { event: Event }) => Promise<void>) => listeners.push({ name, run }),
  };
  const call = vi.fn(async (..._: unknown[]) => ({}));
  const log = { warn: vi.fn(), info: vi.fn() };
  const vault = { identity: { botUserId: BOT }, slack: { call }, log } as unknown as Vault;
  appMention(app as never, vault);
  directMessage(app as never, vault);
  const deliver = async (name: string, event: Event) => {
    const before = call.mock.calls.length;
    for (const listener of listeners) if (listener.name === name) await listener.run({ event });
    await new Promise((resolve) => setImmediate(resolve));
    return call.mock.calls.slice(before).map(([method]) => method);
  };
  return deliver;
}

const direct = { channel: 'D1', channel_type: 'im', user: 'U1', ts: '1.000001', text: 'thanks' };
const mention = { channel: 'C1', user: 'U1', ts: '1.000001', text: `<@${BOT}> thanks` };

it('a message and a mention are answered once, however often they are delivered', async () => {
  const deliver = listening();
  expect(await deliver('message', direct)).toEqual(['reactions.add']);
  expect(await deliver('message', direct)).toEqual([]);
  expect(await deliver('app_mention', mention)).toEqual(['reactions.add']);
  expect(await deliver('app_mention', { ...mention, edited: { user: 'U1', ts: '2' } })).toEqual([]);
});

it.each([
  ['the bot itself', { user: BOT }],
  ['another bot', { bot_id: 'B1' }],
  ['Slackbot', { user: 'USLACKBOT' }],
  ['an edit', { edited: { user: 'U1', ts: '2' } }],
  ['an edit, as Slack tells it', { subtype: 'message_changed', message: { text: 'thanks' } }],
  ['a file', { subtype: 'file_share' }],
  ['a channel', { channel: 'C1', channel_type: 'channel' }],
  ['a group', { channel: 'G1', channel_type: 'mpim' }],
  ['no words', { text: ' ' }],
  ['nobody', { user: undefined }],
])('%s is not answered in a direct message', async (_, change) => {
  expect(await listening()('message', { ...direct, ...change })).toEqual([]);
});

it.each([
  ['the bot itself', { user: BOT }],
  ['another bot', { bot_id: 'B1' }],
  ['an edit', { edited: { user: 'U1', ts: '2' } }],
])('a mention by %s is not answered', async (_, change) => {
  expect(await listening()('app_mention', { ...mention, ...change })).toEqual([]);
});
