/** `/readyz` says how it stands, also while sockets, bucket and a running process look well. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, it } from 'vitest';
import { type Bot, startVault, type TestVault, until } from '../helpers/vault.ts';

let vault: TestVault;
afterEach(() => vault.close());

async function readyz(bot: Bot): Promise<{ status: number; checks: Record<string, string> }> {
  const answer = await fetch(`http://127.0.0.1:${bot.port}/readyz`);
  return { status: answer.status, ...((await answer.json()) as { checks: Record<string, string> }) };
}

it.each(['socket', 'http'] as const)('a token that was revoked is not ready (%s)', async (mode) => {
  vault = await startVault({ mode });
  const bot = await vault.startBot();
  vault.slack.faults.api('auth.test', { error: 'token_revoked' });
  const asked = vault.slack.calls.count('auth.test');
  for (let i = 0; i < 3; i++)
    expect(await readyz(bot)).toMatchObject({ status: 503, checks: { slack: 'down: token_revoked' } });
  expect(vault.slack.calls.count('auth.test')).toBe(asked + 1);
});

it('a Web API that is away does not take a bot with open sockets out', async () => {
  vault = await startVault();
  const bot = await vault.startBot();
  vault.slack.faults.api('auth.test', { status: 503 });
  const { status, checks } = await readyz(bot);
  expect({ status, slack: checks.slack }).toEqual({
    status: 200,
    slack: '2 connections, the Web API does not answer (http_503)',
  });
});

it('deliveries that cannot be written down are not ready, until one is', async () => {
  vault = await startVault({ slack: { retryDelaysMs: [200, 200, 200] } });
  const bot = await vault.startBot();
  expect((await readyz(bot)).status).toBe(200);
  const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { timeout: 5_000 });
  database.exec(
    "create trigger full before insert on share begin select raise(abort, 'database or disk is full'); end",
  );
  const anna = vault.slack.as('anna');
  await anna.share('general', { name: 'refused.txt', content: 'refused' });
  const { status, checks } = await until('what /readyz says', async () => {
    const answer = await readyz(bot);
    return answer.status === 503 ? answer : undefined;
  });
  expect({ status, database: checks.database }).toEqual({ status: 503, database: 'down: ERR_SQLITE_ERROR' });
  database.exec('drop trigger full');
  database.close();
  await anna.share('general', { name: 'taken.txt', content: 'taken' });
  await until('a bot that is ready again', async () => (await readyz(bot)).status === 200);
});

it('a folder that was moved away is not ready', async () => {
  vault = await startVault();
  const bot = await vault.startBot();
  renameSync(vault.dataDir, `${vault.dataDir}-away`);
  expect(await readyz(bot)).toMatchObject({ status: 503, checks: { database: 'down: catalog_gone' } });
});
