/** An import dies at any moment, again and again, of archives in every layout; then it runs twice, and a backfill goes over it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeholderId } from '../../src/import/placeholder-id.ts';
import { noPostgres } from '../helpers/postgres.ts';
import { BUCKET, until } from '../helpers/vault.ts';
import {
  type ExportedConversation,
  type ExportedFile,
  slackdumpChunks,
  slackdumpDatabase,
  slackdumpDump,
  slackExport,
  textExport,
  withBytes,
  writeFolder,
  writeZip,
} from '../import/exports.ts';
import type { Scenario, Stage } from './scenario.ts';

const COMMAND = resolve(import.meta.dirname, '../../src/cli/import.ts');
/** So many are in Slack, too, so that a backfill finds them again. */
const IN_SLACK = 20;

/** Writes an archive, and returns where it is. */
type Write = (folder: string, conversations: ExportedConversation[], team: string) => Promise<string>;

/** The layouts whose files have Slack's own ids. */
const LAYOUTS: Record<string, Write> = {
  'Slack’s export': async (folder, conversations, team) =>
    writeZip(
      join(folder, 'export.zip'),
      withBytes(slackExport(conversations, { team }), conversations, 'uploads'),
    ),
  'an organisation’s export, unpacked': async (folder, conversations, team) => {
    const contents = withBytes(slackExport(conversations, { team }), conversations, 'attachments');
    const nested = [...contents].map(([path, bytes]) => [`teams/acme/${path}`, bytes] as const);
    return writeFolder(join(folder, 'organisation'), new Map(nested));
  },
  'slackdump’s database': async (folder, conversations, team) => {
    const path = writeFolder(join(folder, 'archive'), withBytes(new Map(), conversations, 'uploads'));
    slackdumpDatabase(join(path, 'slackdump.sqlite'), conversations, team);
    return path;
  },
  'slackdump’s older archive': async (folder, conversations, team) =>
    writeFolder(join(folder, 'chunks'), slackdumpChunks(conversations, team)),
  'slackdump’s dump': async (folder, conversations, team) =>
    writeZip(join(folder, 'dump.zip'), slackdumpDump(conversations, team)),
  'one person’s export': async (folder, conversations, team) =>
    writeZip(
      join(folder, 'texts.zip'),
      textExport(conversations, { ...(await people(conversations)) }, `slack-export-${team}-1683000000`),
    ),
  'a table': async (folder, conversations) => writeFolder(join(folder, 'table'), table(conversations)),
};

async function people(conversations: ExportedConversation[]): Promise<Record<string, string>> {
  const ids = conversations.flatMap(({ messages }) => messages.map(({ user }) => user));
  return Object.fromEntries(ids.map((id) => [id, id.toLowerCase()]));
}

const pathOf = ({ id, name }: ExportedFile) => `files/${id}/${name}`;

function table(conversations: ExportedConversation[]): Map<string, Buffer> {
  const contents = new Map<string, Buffer>();
  const lines = ['file,channel,person,time'];
  for (const { id, messages } of conversations)
    for (const { at, user, files } of messages)
      for (const file of files) {
        contents.set(pathOf(file), file.bytes);
        lines.push(`${pathOf(file)},${id},${user},${new Date(at).toISOString()}`);
      }
  return contents.set('files.csv', Buffer.from(lines.join('\n')));
}

/** Files that are in Slack still, and older ones, which only the archive has. */
async function conversationsFor(
  stage: Stage,
  files: number,
  isTable: boolean,
): Promise<ExportedConversation[]> {
  const { vault, ledger, random } = stage;
  const { channels, people: ids } = vault.slack.workspace;
  const general = channels.general as string;
  const recent = [];
  for (let i = 0; i < (isTable ? 0 : IN_SLACK); i++) {
    const content = random.bytes(10);
    const [one] = await ledger.share('anna', 'general', [{ name: `recent ${i}.bin`, content }]);
    const { fileId, name, thread } = one as { fileId: string; name: string; thread: string };
    ledger.quiet(fileId);
    recent.push({
      ...{ at: Math.round(Number(thread) * 1_000), ts: thread, user: ids.anna as string },
      files: [{ id: fileId, name, bytes: content }],
    });
  }
  const old = Array.from({ length: files - recent.length }, (_, i) => {
    const at = Date.UTC(2019, 0, 1) + i * 600_000;
    const bytes = random.bytes(10);
    return {
      ...{ at, user: ids.anna as string },
      files: [{ id: `F0OLD${String(i).padStart(6, '0')}`, name: `old ${i}.bin`, bytes }],
    };
  });
  const board = old.splice(0, Math.ceil(files / 10));
  const all: ExportedConversation[] = [
    { id: general, list: 'channels', name: 'general', messages: [...old, ...recent] },
    { id: 'G0OLDBOARD', list: 'groups', name: 'old-board', messages: board },
  ];
  for (const { id, messages } of [{ id: general, messages: old }, all[1] as ExportedConversation])
    for (const { at, files: shared } of messages)
      for (const file of shared) {
        const fileId = isTable ? `F${placeholderId(`${id} ${at} ${pathOf(file)}`)}` : file.id;
        ledger.addShared({ fileId, name: file.name, content: file.bytes }, 'general', `${at}`);
        ledger.quiet(fileId);
      }
  return all;
}

function start({ vault }: Stage, path: string) {
  const { teamId } = vault.slack.workspace;
  const child = spawn(process.execPath, [COMMAND, path, '--json', '--team', teamId], { env: vault.env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, out, err }));
  return { child, ended };
}

async function imported(stage: Stage, path: string): Promise<{ stored: number; already: number }> {
  const { code, out, err } = await start(stage, path).ended;
  if (code !== 0) throw new Error(`The import ended with ${code}: ${err}${out.slice(0, 2_000)}`);
  return JSON.parse(out);
}

async function killed(stage: Stage, path: string, kills: number): Promise<void> {
  const { vault, random } = stage;
  const objects = async () => (await vault.s3.list(BUCKET)).length;
  for (let kill = 0; kill < kills; kill++) {
    const before = await objects();
    const { child, ended } = start(stage, path);
    // While it starts and reads; or, more often, after it has stored something more.
    if (random.chance(0.3)) await Promise.race([sleep(random.int(200, 3_000)), ended]);
    else {
      const isUnderWay = async () => child.exitCode !== null || (await objects()) > before;
      await until('the import to store something', isUnderWay, 120_000);
      await sleep(random.int(0, 500));
    }
    child.kill('SIGKILL');
    await ended;
  }
}

const kinds = (database: 'sqlite' | 'postgres') => (database === 'sqlite' ? '' : ' on PostgreSQL');

function scenario(layout: string, write: Write, database: 'sqlite' | 'postgres', short: boolean): Scenario {
  return {
    name: `import of ${layout}${kinds(database)}`,
    does: 'kill -9 of an import at random moments; then it runs twice, and a backfill goes over it',
    slack: { limits: 'off' },
    database,
    ...(database === 'postgres' ? { missing: noPostgres } : {}),
    ...(short ? {} : { fullOnly: true as const }),
    async run(stage) {
      const { vault } = stage;
      const folder = mkdtempSync(join(tmpdir(), 'ria-vault-import-'));
      stage.after(() => rmSync(folder, { recursive: true, force: true }));
      const files = stage.of(60, 10_000);
      const conversations = await conversationsFor(stage, files, layout === 'a table');
      const path = await write(folder, conversations, vault.slack.workspace.teamId);
      await killed(stage, path, stage.of(3, 10));
      await imported(stage, path);
      const again = await imported(stage, path);
      if (again.stored !== 0 || again.already !== files)
        throw new Error(`The second import stored ${again.stored} and knew ${again.already} of ${files}.`);
      const bot = await vault.startBot();
      await vault.slack.as('carla').command('general', '/vault backfill');
      const said = () => vault.slack.as('anna').messages('general');
      await until(
        'the backfill to end',
        () => said().some(({ text }) => /files? found/.test(text)),
        stage.of(60_000, 300_000),
      );
      if (database === 'postgres') await stage.catalog.endDeadLeases([bot.process.pid as number]);
    },
  };
}

export const imports: Scenario[] = Object.entries(LAYOUTS).flatMap(([layout, write], place) => [
  scenario(layout, write, 'sqlite', place === 0),
  ...(place === 0 ? [scenario(layout, write, 'postgres', false)] : []),
]);
