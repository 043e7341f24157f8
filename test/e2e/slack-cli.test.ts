/** What Slack's own command line does with the project: `slack run` asks for the hooks and the manifest, and starts the bot. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startVault, type TestVault, until } from '../helpers/vault.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const project = JSON.parse(read('.slack/hooks.json'));

/** Runs a hook as the command line does, and reads its JSON. */
async function ask(command: string) {
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: root });
  return JSON.parse(stdout);
}

describe('Slack’s command line', () => {
  let vault: TestVault;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the hooks say.
  let given: any;
  beforeAll(async () => {
    [vault, given] = await Promise.all([startVault(), ask(project.hooks['get-hooks'])]);
  });
  afterAll(() => vault.close());

  it('is told that the bot keeps its own connection, and which files to watch', () => {
    const config = { ...given.config, ...project.config };
    expect(config['sdk-managed-connection-enabled']).toBe(true);
    expect('src/main.ts').toMatch(new RegExp(config.watch.app['filter-regex']));
    expect(config.watch.manifest.paths).toEqual(['manifest.json']);
  });

  it('gets the manifest that manifest.yml is', async () => {
    expect(await ask(given.hooks['get-manifest'])).toEqual(parse(read('manifest.yml')));
  });

  it('starts the bot with the tokens that it hands over, whatever others are set', async () => {
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, ...env } = vault.env;
    const child = spawn('sh', ['-c', given.hooks.start], {
      cwd: root,
      env: {
        ...env,
        ...{
          SLACK_CLI_XOXB: SLACK_BOT_TOKEN,
          SLACK_CLI_XAPP: SLACK_APP_TOKEN,
          SLACK_BOT_TOKEN: 'xoxb-other',
        },
        // As npx and npm scripts do, also where the system's own Node is too old.
        PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
    const closed = once(child, 'close');
    try {
      await until('the bot to be ready', () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
        return said.includes('RIA Vault is ready');
      });
    } finally {
      process.kill(-(child.pid as number), 'SIGKILL');
      await closed;
    }
  });
});
