/** Where the operator's pages are, and that they answer whatever is away. */
import { afterEach, describe, expect, it } from 'vitest';
import { noPostgres, type PostgresServer, startPostgres } from '../helpers/postgres.ts';
import { type Bot, runBot, startVault, type TestVault } from '../helpers/vault.ts';

let vault: TestVault;
afterEach(() => vault?.close());

const metricsPortOf = ({ log }: Bot) =>
  log.find(({ msg }) => msg === 'RIA Vault is ready')?.metricsPort as number;

async function statuses(port: number, host = '127.0.0.1'): Promise<number[]> {
  const paths = ['/healthz', '/readyz', '/metrics'];
  return Promise.all(paths.map(async (path) => (await fetch(`http://${host}:${port}${path}`)).status));
}

describe('the operator’s pages', () => {
  it('are on the one port where nothing else is said', async () => {
    vault = await startVault({ mode: 'http' });
    const bot = await vault.startBot();
    expect(await statuses(bot.port)).toEqual([200, 200, 200]);
    expect(metricsPortOf(bot)).toBeUndefined();
  });

  it('are only on a port of their own where there is one', async () => {
    vault = await startVault({ mode: 'http' });
    const bot = await vault.startBot({ VAULT_METRICS_PORT: '0' });
    expect(await statuses(bot.port)).toEqual([200, 404, 404]);
    expect(await statuses(metricsPortOf(bot))).toEqual([200, 200, 200]);
    const events = await fetch(`http://127.0.0.1:${metricsPortOf(bot)}/slack/events`, { method: 'POST' });
    expect(events.status).toBe(404);
    expect(await bot.stop()).toBe(0);
  });

  it('are only on a host of their own where there is one', async () => {
    vault = await startVault();
    const bot = await vault.startBot({ VAULT_METRICS_HOST: '127.0.0.2' });
    expect(await statuses(bot.port)).toEqual([200, 404, 404]);
    expect(await statuses(metricsPortOf(bot), '127.0.0.2')).toEqual([200, 200, 200]);
  });

  it.each<[string, Record<string, string>]>([
    ['VAULT_METRICS_PORT', { VAULT_METRICS_PORT: 'x' }],
    ['VAULT_METRICS_HOST', { VAULT_METRICS_PORT: '0', VAULT_METRICS_HOST: '203.0.113.1' }],
  ])('a place that cannot be used is named: %s', async (variable, env) => {
    vault = await startVault();
    const { code, stderr } = await runBot({ ...vault.env, ...env });
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toContain(variable);
  });
});

describe.skipIf(noPostgres())('/metrics and /readyz answer within seconds', () => {
  let postgres: PostgresServer;
  afterEach(async () => {
    await postgres.thaw();
    await postgres.close();
  });

  it.each<[string, () => Promise<void>]>([
    ['while PostgreSQL hangs', () => postgres.freeze()],
    ['while PostgreSQL is away', () => postgres.stop('immediate')],
  ])('%s, again and again', async (_, trouble) => {
    postgres = await startPostgres();
    vault = await startVault({ env: { DATABASE_URL: await postgres.createDatabase() } });
    const bot = await vault.startBot();
    await trouble();
    for (let round = 0; round < 3; round++) {
      const before = performance.now();
      const [metrics, readyz, healthz] = await Promise.all(
        ['metrics', 'readyz', 'healthz'].map((path) => fetch(`http://127.0.0.1:${bot.port}/${path}`)),
      );
      expect(performance.now() - before).toBeLessThan(10_000);
      expect([metrics?.status, readyz?.status, healthz?.status]).toEqual([200, 503, 200]);
      expect(await metrics?.text()).toMatch(/^vault_capture_queue nan$/im);
      expect(await readyz?.json()).toMatchObject({
        ok: false,
        checks: { bucket: expect.stringContaining('proof') },
      });
    }
    await bot.kill();
  });
});
