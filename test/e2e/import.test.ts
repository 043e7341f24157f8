import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewRecord } from '../../sandbox/slack/types.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';
import { type ExportedConversation, slackExport, withBytes, writeZip } from '../import/exports.ts';

const root = resolve(import.meta.dirname, '../..');
/** So many that the kills come in the middle. */
const FILES = 400;
const KILLS = 3;

describe('an export from before the bot existed', () => {
  let vault: TestVault;
  let folder: string;
  let archive: string;
  let conversations: ExportedConversation[];
  beforeAll(async () => {
    vault = await startVault();
    folder = mkdtempSync(join(tmpdir(), 'ria-vault-import-'));
    const { teamId, channels, people } = vault.slack.workspace;
    const at = Date.UTC(2021, 4, 1, 9);
    const message = (i: number) => ({
      at: at + i * 600_000,
      user: people.anna as string,
      files: [
        {
          id: `F0OLD${String(i).padStart(5, '0')}`,
          name: `offer ${i}.txt`,
          bytes: Buffer.from(`offer ${i} `.repeat(2_000)),
        },
      ],
    });
    conversations = [
      {
        ...{ id: channels.general as string, list: 'channels', name: 'general' },
        messages: Array.from({ length: FILES }, (_, i) => message(i)),
      },
      {
        ...{ id: 'G0GONE001', list: 'groups', name: 'old-board' },
        messages: [
          {
            ...message(FILES),
            files: [{ id: 'F0BOARD01', name: 'board offer.txt', bytes: Buffer.from('secret') }],
          },
        ],
      },
    ];
    const contents = withBytes(slackExport(conversations, { team: teamId }), conversations, 'uploads');
    archive = await writeZip(join(folder, 'export.zip'), contents);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await vault?.close();
  });

  function start(...args: string[]): { child: ChildProcess; out: () => string; err: () => string } {
    const child = spawn(process.execPath, [join(root, 'src/cli/import.ts'), archive, ...args], {
      env: vault.env,
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    return { child, out: () => out, err: () => err };
  }

  async function finished(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const { child, out, err } = start(...args);
    const [code] = await once(child, 'close');
    return { code, out: out(), err: err() };
  }

  const objects = () => vault.s3.list(BUCKET);

  it('is killed, goes on each time, and ends with every file once, byte for byte', async () => {
    for (let kill = 1; kill <= KILLS; kill++) {
      const { child } = start();
      const before = (await objects()).length;
      const ended = once(child, 'close');
      // In the middle of its work: after it has stored something, at any moment.
      await until(
        'an object more',
        async () =>
          child.exitCode !== null || (await objects()).length > before || (await objects()).length > FILES,
      );
      await sleep(Math.random() * 60);
      child.kill('SIGKILL');
      await ended;
    }
    const { code, out, err } = await finished('--json');
    expect(code, err).toBe(0);
    const report = JSON.parse(out) as Record<string, number>;
    expect((report.stored as number) + (report.already as number)).toBe(FILES + 1);
    const again = JSON.parse((await finished('--json')).out) as Record<string, unknown>;
    expect(again).toMatchObject({
      files: FILES + 1,
      stored: 0,
      already: FILES + 1,
      notHad: {},
      problems: {},
    });
    const kept = await objects();
    expect(kept).toHaveLength(FILES + 1);
    const sums = new Set(kept.map(({ key }) => key.split('/').at(-2)));
    expect(sums.size).toBe(FILES + 1);
    const deep = spawn(process.execPath, [join(root, 'src/cli/verify.ts'), '--deep', '--json'], {
      env: vault.env,
    });
    let text = '';
    deep.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const [verified] = await once(deep, 'close');
    expect(verified, text).toBe(0);
    const offer = conversations[0]?.messages[7]?.files[0]?.bytes as Buffer;
    const { key } = kept.find(({ key: one }) => one.includes('F0OLD00007')) as { key: string };
    const body = await vault.s3.read(BUCKET, key);
    expect(createHash('sha256').update(body).digest('hex')).toBe(
      createHash('sha256').update(offer).digest('hex'),
    );
  });

  it('is found and opened by people who may see its channel, and by nobody else', async () => {
    await vault.startBot();
    const answer = async (who: string, command: string) => {
      const person = vault.slack.as(who);
      const mine = () => person.messages('general').filter(({ ephemeral }) => ephemeral);
      const before = new Set(mine().map(({ ts }) => ts));
      await person.command('general', command);
      return until('an answer', () => mine().find(({ ts }) => !before.has(ts)));
    };
    const find = async (who: string, words: string) =>
      JSON.stringify((await answer(who, `/vault find ${words}`)).blocks);
    expect(await find('ben', 'offer')).toContain('offer 399.txt');
    // Opened by a click, as any file: its bytes, and where it comes from.
    const ben = vault.slack.as('ben');
    const list = await answer('ben', '/vault find "offer 7.txt"');
    const shown = (words: string) =>
      until(words, () => {
        const text = JSON.stringify(ben.modal()?.blocks ?? []);
        return text.includes(words) ? text : undefined;
      });
    await ben.action(list, 'download_file', { payload: { value: 'F0OLD00007' } });
    const url = /https?:[^"]+X-Amz-Signature[^"]+/.exec(await shown('X-Amz'))?.[0] as string;
    expect(await (await fetch(url)).text()).toBe('offer 7 '.repeat(2_000));
    await ben.close(ben.modal()?.id as string);
    const details = { selected_option: { value: 'details:F0OLD00007' } };
    await ben.action(list, 'file_menu', { payload: details });
    await shown('details_more');
    await ben.action(ben.modal() as ViewRecord, 'details_more');
    await shown('From the export of 2021-05-0');
    expect(await find('ben', '"board offer"')).not.toContain('board offer.txt');
    // Nobody can tell who was in it. Its uploader finds it.
    expect(await find('anna', '"board offer"')).toContain('board offer.txt');
  });

  it('says what is in it before it changes anything, and what to do while the bot runs', async () => {
    const refused = await finished('--dry-run');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('stop it, run the import');
  });
});
