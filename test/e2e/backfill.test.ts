import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

let vault: TestVault;
beforeEach(async () => {
  vault = await startVault();
});
afterEach(() => vault.close());

const keys = async () =>
  (await vault.s3.list(BUCKET)).map(({ key }) => key).filter((key) => /\/F\w+\//.test(key));
const file = (name: string) => ({ name, content: `bytes of ${name}` });
const said = (channel: string) =>
  vault.slack
    .as('carla')
    .messages(channel)
    .filter(({ user, ephemeral }) => user === vault.slack.workspace.botUserId && !ephemeral);
const answers = (channel: string, person: string) =>
  vault.slack
    .as(person)
    .messages(channel)
    .filter(({ ephemeral }) => ephemeral);
const summary = (words: string) =>
  until(`"${words}"`, () => said('random').find(({ text }) => text.includes(words)), 60_000);

/** A past of `messages` messages, with a file in every fiftieth and in two threads; the bot is then in the channel. */
async function past(messages: number): Promise<string[]> {
  const anna = vault.slack.as('anna');
  const ids: string[] = [];
  for (let i = 0; i < messages; i++) {
    if (i % 50 !== 0) anna.post('random', `message ${i}`);
    else ids.push(...(await anna.share('random', file(`old ${i}.txt`))).files);
    if (i === 3 || i === messages - 3) {
      const parent = anna.post('random', 'a thread');
      ids.push(...(await anna.share('random', file(`reply ${i}.txt`), { thread_ts: parent })).files);
    }
  }
  await beforeTheVault();
  return ids;
}

/**
 * Brings the bot into the channel as if all that had been written there were older than what a sweep looks at. The
 * sandbox's clock is that of the tests, so it is the bot's catalog that is told to have swept further than that.
 */
async function beforeTheVault(): Promise<void> {
  const bot = await vault.startBot();
  await bot.stop();
  const { teamId, channels } = vault.slack.workspace;
  const later = Date.now() + 3_600_000;
  const database = new DatabaseSync(join(vault.dataDir, 'vault.db'));
  database
    .prepare('insert into sweep (team_id, channel_id, swept_to, met_at, wanted_at) values (?, ?, ?, ?, 0)')
    .run(teamId, channels.random as string, later, later);
  database.close();
  vault.slack.as('anna').invite('random');
}

describe('/vault backfill', () => {
  it('is for admins, and for channels that the bot is in', async () => {
    await vault.startBot();
    await vault.slack.as('anna').command('general', '/vault backfill');
    await until('the refusal', () =>
      answers('general', 'anna').some(({ text }) => text.includes('Only workspace admins')),
    );
    await vault.slack.as('carla').command('random', '/vault backfill');
    await until('the remedy', () => answers('random', 'carla').some(({ text }) => text.includes('/invite')));
    // The sweep asks about the channels that the bot is in, whenever it comes by.
    const { random } = vault.slack.workspace.channels;
    const asked = vault.slack.calls.list.filter(
      ({ method, args }) => method === 'conversations.info' && args.channel === random,
    );
    expect(asked).toHaveLength(1);
  });

  it('goes on after a kill in its middle, and keeps everything once', async () => {
    const ids = await past(650);
    const first = await vault.startBot();
    const slow = vault.slack.faults.api('conversations.history', { delayMs: 1_500 });
    const carla = vault.slack.as('carla');
    await carla.command('random', '/vault backfill');
    await until('the first file', async () => (await keys()).length > 0);
    await carla.command('random', '/vault backfill');
    const shown = await until('the running one', () =>
      answers('random', 'carla').find((one) => JSON.stringify(one.blocks).includes('backfill_stop')),
    );
    expect(shown.text).toContain('Looking for older files');
    await first.kill();
    expect((await keys()).length).toBeLessThan(ids.length);
    slow.remove();
    await vault.startBot();
    const end = await summary('Saved the older files');
    expect(end.text).toContain(`${ids.length} files found`);
    const all = await keys();
    expect(all).toHaveLength(ids.length);
    for (const id of ids) expect(all.some((key) => key.includes(id))).toBe(true);
    expect(said('random').filter(({ text }) => text.includes('files found'))).toHaveLength(1);
    expect(said('random').filter(({ text }) => /^Saved /.test(text))).toEqual([]);
  });

  it('stops when an admin says so, keeps what it found, and goes on from there', async () => {
    const ids = await past(450);
    await vault.startBot();
    const slow = vault.slack.faults.api('conversations.history', { delayMs: 2_000 });
    const carla = vault.slack.as('carla');
    await carla.command('random', '/vault backfill');
    const progress = await until('the message', () =>
      said('random').find((one) => JSON.stringify(one.blocks).includes('backfill_stop')),
    );
    await until('the first file', async () => (await keys()).length > 0);
    await vault.slack.as('anna').action(progress, 'backfill_stop');
    await until('the refusal', () =>
      answers('random', 'anna').some(({ text }) => text.includes('Only workspace admins')),
    );
    await carla.action(progress, 'backfill_stop');
    const stopped = await summary('stopped the search');
    await until('the end', () =>
      JSON.stringify(said('random').find(({ ts }) => ts === stopped.ts)).includes('goes on from there'),
    );
    const kept = (await keys()).length;
    expect(kept).toBeLessThan(ids.length);
    slow.remove();
    await carla.command('random', '/vault backfill');
    expect((await summary('Saved the older files')).text).toContain(`${ids.length} files found`);
    expect(await keys()).toHaveLength(ids.length);
  });

  it('says what it does not keep, and why', async () => {
    const anna = vault.slack.as('anna');
    const link = await anna.upload(file('link.txt'));
    vault.slack.faults.form(link, 'external');
    anna.post('random', '', { file_ids: [link] });
    await anna.share('random', file('kept.txt'));
    await beforeTheVault();
    await vault.startBot();
    await vault.slack.as('carla').command('random', '/vault backfill');
    const end = await summary('Saved the older files');
    expect(JSON.stringify(end.blocks)).toMatch(/2 files found · 1 saved · 1 not saved \(outside Slack\)/);
  });
});
