import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import type { Seed } from '../../sandbox/slack/types.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../manifest.join.json'), 'utf8'));
const TOKENS = { botToken: 'xoxb-test-bot', appToken: 'xapp-test-app', signingSecret: 'test-signing-secret' };
const OPEN = Array.from({ length: 12 }, (_, n) => `room-${n}`);
const members = ['anna', 'carla'];
const SEED: Seed = {
  team: { name: 'Rooms', domain: 'rooms' },
  people: [
    { name: 'anna', real_name: 'Anna Keller', role: 'member', color: '#2f7d6b' },
    { name: 'carla', real_name: 'Carla Nunes', role: 'admin', color: '#6a4fb3' },
  ],
  channels: [
    { name: 'general', members: [...members, 'bot'] },
    ...OPEN.map((name) => ({ name, members })),
    { name: 'legal-cases', members },
    { name: 'partners', members, shared: true },
    { name: 'old', members, archived: true },
    { name: 'board', members, private: true },
  ],
};

let vault: TestVault;
afterEach(() => vault.close());

async function open(): Promise<void> {
  vault = await startVault({ slack: { seed: SEED, app: { manifest, ...TOKENS } } });
}
const joins = () => vault.slack.calls.list.filter(({ method }) => method === 'conversations.join');
/** The channels that the bot is in, by name. */
const isIn = () =>
  vault.slack
    .as('anna')
    .workspace()
    .channels.filter(({ bot_is_member, kind }) => bot_is_member && kind !== 'im')
    .map(({ name }) => name);
const hellos = () =>
  OPEN.filter((name) =>
    vault.slack
      .as('anna')
      .messages(name)
      .some(({ text, user }) => user === vault.slack.workspace.botUserId && text.includes('now saves')),
  );
const keys = async () => (await vault.s3.list(BUCKET)).map(({ key }) => key);
const file = (name: string) => ({ name, content: `bytes of ${name}` });

describe('VAULT_JOIN=all', () => {
  const env = { VAULT_JOIN: 'all', VAULT_JOIN_EXCEPT: '#legal-*' };

  it('joins what it should, over a kill, says hello in turn, and stays out where it was removed', async () => {
    await open();
    const slow = vault.slack.faults.api('conversations.join', { delayMs: 300 });
    const first = await vault.startBot(env);
    await until('some are joined', () => joins().length > 4);
    await first.kill();
    slow.remove();
    const second = await vault.startBot(env);
    await until('all are joined', () => OPEN.every((name) => isIn().includes(name)), 60_000);
    expect(isIn().sort()).toEqual(['general', ...OPEN].sort());
    const asked = new Set(joins().map(({ args }) => args.channel));
    expect(asked.size).toBe(OPEN.length);

    // A file in one of them is saved, and one line says hello in a few of them only.
    const shared = await vault.slack.as('anna').share('room-3', file('plan.txt'));
    await until('the file', async () =>
      (await keys()).some((key) => key.includes(shared.files[0] as string)),
    );
    await until('a hello', () => hellos().length > 0);
    expect(hellos().length).toBeLessThan(4);

    // A channel that is made is joined; one from which the bot was removed is not, also after a restart.
    vault.slack.as('anna').kick('room-5');
    vault.slack.as('anna').makeChannel('launch');
    vault.slack.as('anna').makeChannel('legal-new');
    await until('the new one', () => isIn().includes('launch'));
    await second.stop();
    const before = joins().length;
    const third = await vault.startBot(env);
    await until('it looked again', () => {
      const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
      const row = database.prepare("select memo from chore where name = 'channels'").get() as {
        memo: string;
      };
      database.close();
      return JSON.parse(row.memo).at > Date.now() - 60_000 && JSON.parse(row.memo).total === OPEN.length + 5;
    });
    await third.stop();
    expect(joins().length).toBe(before);
    expect(isIn()).not.toContain('room-5');
    expect(isIn()).not.toContain('legal-new');
  });
});

describe('without the scope', () => {
  it('VAULT_JOIN is refused at the start, in one sentence', async () => {
    vault = await startVault();
    const bot = vault.launchBot({ VAULT_JOIN: 'new' });
    const said = await bot.ready.then(
      () => 'it started',
      (error: Error) => error.message,
    );
    expect(said).toContain('VAULT_JOIN=new needs the scope channels:join');
    expect(said).toContain('manifest.join.json');
    expect(bot.process.exitCode).toBe(2);
  });
});

describe('what is not saved', () => {
  it('is named to an admin, who joins one, then all, and then saves the past of all with one message', async () => {
    await open();
    const anna = vault.slack.as('anna');
    const old = [await anna.share('room-1', file('one.txt')), await anna.share('room-7', file('seven.txt'))];
    await vault.startBot({ VAULT_HELLO: 'off' });
    const carla = vault.slack.as('carla');
    const shown = (words: string) =>
      until(`"${words}"`, () =>
        carla.messages('general').findLast((one) => JSON.stringify(one).includes(words)),
      );
    await carla.command('general', '/vault status');
    const status = await shown('1 of 15 public channels saved');
    await carla.action(status, 'join_all', {});
    const list = await shown('Joining 13 channels');
    expect(JSON.stringify(list)).toContain('shared with another organisation');
    await until('all are joined', () => isIn().length === OPEN.length + 2, 60_000);
    expect(hellos()).toEqual([]);

    await carla.command('general', '/vault backfill all');
    await shown('Looking for older files in 14 channels');
    const im = carla.workspace().channels.find(({ kind }) => kind === 'im')?.id as string;
    const summary = await until(
      'the summary',
      () => carla.messages(im).find(({ text }) => text.includes('Saved the older files of every channel')),
      60_000,
    );
    expect(summary.text).toContain('2 files found');
    const stored = await keys();
    for (const { files } of old) expect(stored.some((key) => key.includes(files[0] as string))).toBe(true);
    expect(carla.messages(im).filter(({ text }) => text.includes('older files'))).toHaveLength(1);
  });
});
