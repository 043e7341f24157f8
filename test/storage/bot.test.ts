/** The whole bot on the bucket that is tried: what people do, a kill in the middle of a put, and the command-line programs. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, GetObjectLegalHoldCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonClient } from '../../sandbox/slack/client.ts';
import { type Bot, startVault, type TestVault, until } from '../helpers/vault.ts';
import { type Look, lookAt, namedStore } from './look.ts';

const MIB = 1024 * 1024;
const root = resolve(import.meta.dirname, '../..');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const said = (it: unknown) => JSON.stringify(it);
describe('the bot on this store', () => {
  let vault: TestVault;
  let bot: Bot;
  let look: Look;
  let prefix: string;
  let anna: PersonClient;
  let carla: PersonClient;
  const shared = new Map<string, { id: string; hash: string }>();

  beforeAll(async () => {
    prefix = `storage-test/${randomUUID()}`;
    vault = await startVault({
      s3: { objectLock: true },
      env: { ...namedStore(), VAULT_PREFIX: prefix, VAULT_JOURNAL_SECONDS: '1' },
    });
    look = await lookAt(vault.env, prefix);
    [anna, carla] = [vault.slack.as('anna'), vault.slack.as('carla')];
    console.log('Object Lock:', said(look.lock));
    bot = await vault.startBot();
  });
  afterAll(async () => {
    await bot?.kill();
    await look?.empty().catch((error) => console.log('left in the bucket:', prefix, String(error)));
    look?.s3.destroy();
    await vault?.close();
  });

  const alone = (who: PersonClient) => who.messages('general').filter(({ ephemeral }) => ephemeral);

  async function ask(who: PersonClient, line: string) {
    const before = alone(who).length;
    await who.command('general', line);
    return who.waitFor(() => alone(who).slice(before).at(-1));
  }
  const modalSays = (text: RegExp) =>
    carla.waitFor(() => {
      const modal = carla.modal();
      return modal !== undefined && said(modal.blocks).match(text) !== null && modal;
    });
  const field = (value: string) => ({ value: { type: 'plain_text_input', value } });

  const confirmed = (ts: string) =>
    until(
      'the confirmation',
      () =>
        anna
          .messages('general')
          .find(({ thread_ts, user }) => thread_ts === ts && user === vault.slack.workspace.botUserId),
      120_000,
    );

  async function share(name: string, bytes: Uint8Array, form: object = {}) {
    const { ts, files } = await anna.share('general', { name, content: bytes, ...form });
    await confirmed(ts);
    shared.set(name, { id: files[0] as string, hash: sha256(bytes) });
    return files[0] as string;
  }

  /** Runs a program as a person would, without any Slack credentials. */
  function run(program: string, args: string[] = [], more: Record<string, string> = {}) {
    const kept = Object.entries(vault.env).filter(([name]) => !name.startsWith('SLACK_'));
    const env = { ...Object.fromEntries(kept), ...more };
    return new Promise<{ code: number; text: string }>((done) =>
      execFile(
        process.execPath,
        [`src/cli/${program}.ts`, ...args],
        { cwd: root, env },
        (error, out, problem) => done({ code: error ? Number(error.code) : 0, text: out + problem }),
      ),
    );
  }

  it.each([
    ['a few bytes', 'few.txt', 2_000, {}],
    ['one request', 'stream & 100%+ "Ü".bin', 3 * MIB, {}],
    // A canvas whose length nobody knows goes in parts.
    ['many parts', 'parts.html', 18 * MIB, { mode: 'space', mimetype: 'text/html' }],
  ] as const)('keeps a file of %s whole', async (_, name, length, form) => {
    const lying =
      'mode' in form ? vault.slack.faults.download('*', { kind: 'content_length', value: null }) : null;
    const bytes = randomBytes(length);
    const id = await share(name, bytes, form);
    lying?.remove();
    expect(sha256(await look.bytesOf(id))).toBe(sha256(bytes));
    expect(await look.versionsOf(id)).toHaveLength(1);
  });

  it('gives links that download the same bytes, under the name that Slack showed', async () => {
    for (const [name, { id, hash }] of shared) {
      const link = said((await ask(anna, `/vault get ${id}`)).blocks);
      const url = /https?:[^"]+X-Amz-Signature[^"]+/.exec(link)?.[0] as string;
      const answer = await fetch(url);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.headers.get('content-disposition')).toContain('attachment');
      expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(hash);
    }
  });

  it('after a kill in the middle of a put, keeps the whole file and confirms it once', async () => {
    const bytes = randomBytes(12 * MIB);
    const drip = { kind: 'drip' as const, bytesPerSecond: 6 * MIB };
    const slow = vault.slack.faults.download('*', drip);
    const { ts, files } = await anna.share('general', { name: 'film.mp4', content: bytes });
    await sleep(1_200);
    await bot.kill();
    slow.remove();
    // What a store makes of a put that breaks off is its own affair, as long as nobody takes it for the file.
    await sleep(500);
    const broken = await look.versionsOf(files[0] as string);
    console.log('after the kill:', said(broken));
    if (broken.length > 0) {
      const { text } = await run('rebuild', [], { VAULT_DATA_DIR: join(vault.dir, 'rebuilt') });
      console.log(text);
      // Whatever is left there of the film, it is not taken for the film.
      expect(text).toContain(' 3 stored');
    }
    bot = await vault.startBot();
    await confirmed(ts);
    expect(sha256(await look.bytesOf(files[0] as string))).toBe(sha256(bytes));
    const left = await look.versionsOf(files[0] as string);
    console.log('after the next start:', said(left));
    expect(left.filter(({ Size }) => Size === bytes.length)).toHaveLength(1);
    shared.set('film.mp4', { id: files[0] as string, hash: sha256(bytes) });
  });

  it('sets legal holds in the bucket and takes them off again', async ({ skip }) => {
    if (!look.lock) skip('the bucket has no Object Lock');
    const id = await share('evidence.txt', randomBytes(500));
    const holds = await ask(carla, '/vault hold');
    await carla.action(holds, 'hold_new', { payload: { value: 'new' } });
    const form = await modalSays(/match \*everything\*/);
    const selected_conversation = vault.slack.workspace.channels.general as string;
    await carla.submit(form.id, {
      reason: field('Case 4711'),
      channel: { value: { type: 'conversations_select', selected_conversation } },
    });
    await modalSays(/On hold/);
    const [held] = await look.versionsOf(id);
    const about = { Bucket: vault.env.VAULT_BUCKET, Key: held?.Key, VersionId: held?.VersionId };
    const hold = () =>
      look.s3.send(new GetObjectLegalHoldCommand(about)).then(
        ({ LegalHold }) => LegalHold?.Status,
        () => 'none',
      );
    await until('the legal hold', async () => (await hold()) === 'ON', 60_000);
    // The store itself refuses to let go of it.
    const remove = look.s3.send(new DeleteObjectCommand(about));
    await expect(remove).rejects.toThrow();
    const list = await ask(carla, '/vault hold');
    console.log('the holds:', said(list.blocks).slice(0, 600));
    await carla.action(list, 'hold_lift');
    await until('no legal hold', async () => (await hold()) !== 'ON', 60_000);
  });

  it('removes a file for good, with all that the bucket has of it', async () => {
    const id = await share('secret.txt', randomBytes(700));
    const chooser = await ask(anna, '/vault delete secret.txt');
    await anna.action(chooser, 'delete_file', { payload: { value: id } });
    const trash = await until('it in the trash', async () => {
      const shown = await ask(carla, '/vault trash');
      return said(shown).includes(id) ? shown : undefined;
    });
    await carla.action(trash, 'trash_menu', { payload: { selected_option: { value: `purge:${id}` } } });
    const question = await modalSays(/secret\.txt/);
    await carla.submit(question.id, { typed: field('secret.txt') });
    await modalSays(/deleted forever/);
    shared.delete('secret.txt');
    if (!look.lock?.days) {
      await until('nothing left of it', async () => (await look.versionsOf(id)).length === 0, 60_000);
      return;
    }
    // The bucket lets it go only later. The trash says when.
    const refusal = () => bot.log.find(({ code }) => code === 'object_retained');
    await until('the bucket’s word', () => refusal() !== undefined, 60_000);
    console.log('purge under retention:', said(refusal()?.msg));
    expect(said(await ask(carla, '/vault trash'))).toMatch(/does not let it go before/);
  });

  it('verify --deep finds the bucket as the catalog says', async () => {
    const warnings = bot.log
      .filter(({ level }) => level === 'warn')
      .map(({ code, msg }) => `${code}: ${msg}`);
    console.log('warnings:', said([...new Set(warnings)]));
    const { code, text } = await run('verify', ['--deep']);
    console.log(text);
    expect([code, text]).toEqual([0, expect.stringContaining('All well.')]);
  });

  it('rebuild brings the catalog back from the bucket alone', async () => {
    await until('the journal', async () => (await look.versionsOf('/journal/')).length > 0);
    await sleep(2_500);
    await bot.stop();
    rmSync(vault.dataDir, { recursive: true, force: true });
    const { code, text } = await run('rebuild');
    console.log(text);
    expect([code, text]).toEqual([0, expect.any(String)]);
    bot = await vault.startBot();
    for (const [name, { id }] of shared) {
      const link = said((await ask(anna, `/vault get ${id}`)).blocks);
      expect([name, link]).toEqual([name, expect.stringContaining('X-Amz-Signature')]);
    }
    expect((await run('verify', ['--deep'])).text).toContain('All well.');
  });

  it('the bot has not minded', () => {
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
