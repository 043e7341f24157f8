/** A stop ends in time, whatever strangers hold open and whatever hangs. */
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { bytesInStore } from '../helpers/bytes-in-store.ts';
import { noPostgres, startPostgres } from '../helpers/postgres.ts';
import { head, rawRequest, signed } from '../helpers/raw-http.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

let vault: TestVault;
afterEach(() => vault.close());

async function holdOpen(port: number): Promise<void> {
  const body = '{}';
  const first = head('POST /slack/events', { 'content-length': 100, ...signed(body, { secret: 'x' }) });
  const halves = ['', 'POST /slack/events HTTP/1.1\r\nhost: x\r\n', first, `${first}{`, head('GET /metrics')];
  for (const half of halves) {
    const { socket } = await rawRequest(port, half);
    // A slow reader: it takes nothing of the answer.
    socket.pause();
  }
}

it('half-sent requests and slow readers do not hold it up: what runs ends, the journal is written, code 0', async () => {
  vault = await startVault({ mode: 'http', env: { VAULT_JOURNAL_SECONDS: '3600' } });
  const bot = await vault.startBot();
  await holdOpen(bot.port);
  await vault.slack.as('anna').share('general', { name: 'plan.pdf', content: randomBytes(50_000) });
  await until('the object', async () => (await vault.s3.list(BUCKET)).length === 1);
  await holdOpen(bot.port);
  const before = performance.now();
  expect(await bot.stop()).toBe(0);
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(await vault.journal()).not.toEqual([]);
});

it('what cannot end in time is handed back first: no lease is left', async () => {
  vault = await startVault({ mode: 'http' });
  const bot = await vault.startBot();
  vault.s3.faults.add({ operation: 'PutObject', do: { bytesPerSecond: 50_000 } });
  await vault.slack.as('anna').share('general', { name: 'film.mp4', content: randomBytes(20_000_000) });
  await vault.slack.deliveries.settled();
  await until('some of the bytes', () => bytesInStore(vault) > 100_000);
  await holdOpen(bot.port);
  const before = performance.now();
  expect(await bot.stop()).toBe(0);
  expect(performance.now() - before).toBeLessThan(25_000);
  const db = new DatabaseSync(`${vault.dataDir}/vault.db`, { readOnly: true });
  const row = db.prepare('select state, lease_owner from file').get();
  db.close();
  expect(row).toMatchObject({ state: 'pending', lease_owner: null });
});

it.skipIf(noPostgres())('a database that hangs does not keep it: code 0 within 25 s', async () => {
  const postgres = await startPostgres();
  try {
    vault = await startVault({ mode: 'http', env: { DATABASE_URL: await postgres.createDatabase() } });
    const bot = await vault.startBot();
    await postgres.freeze();
    await vault.slack.as('anna').share('general', { name: 'plan.pdf', content: randomBytes(50_000) });
    await sleep(500);
    const before = performance.now();
    expect(await bot.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(25_000);
  } finally {
    await postgres.thaw();
    await vault.slack.close();
    await postgres.close();
  }
});
