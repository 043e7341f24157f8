import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORG_SEED } from '../../sandbox/slack/server.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';
import {
  type Contents,
  type ExportedConversation,
  slackExport,
  withBytes,
  writeZip,
} from '../import/exports.ts';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'manifest.org.json'), 'utf8'));
const TOKENS = { botToken: 'xoxb-test-bot', appToken: 'xapp-test-app', signingSecret: 'test-signing-secret' };

/** What the export has from before the bot: where, and which of anna (East), ben (West) and dora (both) may see it. */
const SEES: Record<string, string[]> = {
  east: ['anna', 'dora'],
  'east-board': ['anna'],
  west: ['ben', 'dora'],
  'all-acme': ['anna', 'ben', 'dora'],
};
const old = (where: string) => `old-plan-of-${where}.txt`;

describe('the export of an organisation, brought into its vault', () => {
  let vault: TestVault;
  let folder: string;
  let archive: string;

  beforeAll(async () => {
    vault = await startVault({ slack: { seed: ORG_SEED, app: { manifest, ...TOKENS } } });
    folder = mkdtempSync(join(tmpdir(), 'ria-vault-import-org-'));
    const bot = await vault.startBot();
    // One file is saved live, in the channel that both workspaces share, and the export has it, too.
    const content = 'saved live';
    const { ts, files } = await vault.slack.as('anna').share('all-acme', { name: 'live-plan.txt', content });
    await until('the live file', async () => (await vault.s3.list(BUCKET)).length === 1);
    await bot.stop();
    const live = { id: files[0] as string, name: 'live-plan.txt', bytes: Buffer.from(content) };
    archive = await writeZip(join(folder, 'organisation.zip'), exported({ ts, file: live }));
  }, 90_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await vault?.close();
  });

  function exported(live: { ts: string; file: { id: string; name: string; bytes: Buffer } }): Contents {
    const { channels, people, organisation } = vault.slack.workspace;
    const conversation = (where: string): ExportedConversation => ({
      ...{
        id: channels[where] as string,
        name: where,
        list: where.includes('board') ? 'groups' : 'channels',
      },
      messages: [
        {
          ...{ at: Date.UTC(2021, 4, 1), user: people.carla as string },
          files: [
            {
              id: `F0OLD${where.toUpperCase().replace('-', '')}`,
              name: old(where),
              bytes: Buffer.from(`old ${where}`),
            },
          ],
        },
      ],
    });
    const shared = conversation('all-acme');
    const { ts, file } = live;
    shared.messages.push({
      at: Math.round(Number(ts) * 1_000),
      ts,
      user: people.anna as string,
      files: [file],
    });
    const teams = organisation?.workspaces ?? {};
    const contents: Contents = new Map();
    const add = (at: string, conversations: ExportedConversation[], team: string) => {
      const part = withBytes(slackExport(conversations, { team }), conversations, 'attachments');
      for (const [path, bytes] of part) contents.set(`${at}${path}`, bytes);
    };
    add('', [shared], organisation?.id ?? '');
    add('teams/acme-east/', ['east', 'east-board'].map(conversation), teams['Acme East'] ?? '');
    // Told twice, the shared channel is one all the same.
    add('teams/acme-west/', [conversation('west'), shared], teams['Acme West'] ?? '');
    return contents;
  }

  async function run(): Promise<Record<string, unknown>> {
    const child = spawn(process.execPath, [join(root, 'src/cli/import.ts'), archive, '--json'], {
      env: vault.env,
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const [code] = await once(child, 'close');
    expect(code, err).toBe(0);
    return JSON.parse(out);
  }

  it('stores what is new, and nothing twice: neither what was saved live nor what two parts tell', async () => {
    const files = Object.keys(SEES).length + 1;
    expect(await run()).toMatchObject({ stored: files - 1, teamId: vault.slack.workspace.organisation?.id });
    expect(await run()).toMatchObject({ stored: 0, recorded: 0 });
    const keys = (await vault.s3.list(BUCKET)).map(({ key }) => key);
    expect(keys).toHaveLength(files);
    for (const name of [...Object.keys(SEES).map(old), 'live-plan.txt'])
      expect(keys.filter((key) => key.endsWith(name))).toHaveLength(1);
  });

  it('shows it to those whom Slack would show it today, in each workspace', async () => {
    await vault.startBot();
    for (const who of ['anna', 'ben', 'dora']) {
      const person = vault.slack.as(who);
      const answers = () => person.messages('all-acme').filter(({ ephemeral }) => ephemeral);
      const before = answers().length;
      await person.command('all-acme', '/vault find old-plan');
      const answer = JSON.stringify(await person.waitFor(() => answers().slice(before).at(-1), 30_000));
      const shown = Object.keys(SEES).filter((where) => answer.includes(old(where)));
      expect(shown, who).toEqual(Object.keys(SEES).filter((where) => SEES[where]?.includes(who)));
    }
  });
});
