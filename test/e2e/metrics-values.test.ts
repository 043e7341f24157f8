/** What `/metrics` of a real bot tells, in good times and in trouble. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  describedIn,
  hasPromtool,
  metricsText,
  promtool,
  readingOf,
  type Series,
  scrape,
} from '../helpers/metrics.ts';
import { type Bot, startVault, type TestVault, until } from '../helpers/vault.ts';

let vault: TestVault;
let bot: Bot;
beforeAll(async () => {
  vault = await startVault();
  bot = await vault.startBot();
});
afterAll(() => vault?.close());

const once = (what: string, is: (all: Series[]) => boolean) =>
  until(what, async () => {
    const all = await scrape(bot.port);
    return is(all) ? all : undefined;
  });

describe('the metrics of a bot that works', () => {
  it('count deliveries, captures, bytes, calls and requests', async () => {
    await vault.slack.as('anna').share('general', { name: 'a.bin', content: Buffer.alloc(12_345) });
    const all = await once('a capture', (found) => (readingOf(found, 'vault_captured_bytes_total') ?? 0) > 0);
    expect(readingOf(all, 'vault_captured_bytes_total')).toBe(12_345);
    expect(readingOf(all, 'vault_captures_total', { outcome: 'stored' })).toBe(1);
    const deliveries = all.filter(({ name }) => name === 'vault_deliveries_total');
    const refused = deliveries.filter(({ labels }) => labels.outcome === 'refused');
    expect(refused.map(({ value }) => value)).toEqual(refused.map(() => 0));
    expect(
      readingOf(deliveries, 'vault_deliveries_total', { kind: 'message', outcome: 'acknowledged' }),
    ).toBe(1);
    expect(readingOf(all, 'vault_delivery_acknowledgement_seconds_count')).toBe(
      deliveries.reduce((sum, { value }) => sum + value, 0),
    );
    expect(
      readingOf(all, 'vault_s3_requests_total', { operation: 'PutObject', outcome: 'ok' }),
    ).toBeGreaterThan(0);
    expect(
      readingOf(all, 'vault_s3_request_duration_seconds_count', { operation: 'PutObject' }),
    ).toBeGreaterThan(0);
    const calls = await once(
      'the confirmation',
      (found) =>
        readingOf(found, 'vault_slack_calls_total', { method: 'chat.postMessage', outcome: 'ok' }) === 1,
    );
    expect(readingOf(calls, 'vault_slack_call_duration_seconds_count', { method: 'chat.postMessage' })).toBe(
      1,
    );
    expect(
      readingOf(calls, 'vault_slack_wait_seconds_total', { method: 'chat.postMessage' }),
    ).toBeGreaterThan(0);
  });

  it('tell what there is: dependencies, sockets, the disk, the version, and nothing overdue', async () => {
    const all = await scrape(bot.port);
    for (const dependency of ['slack', 'bucket', 'database'])
      expect(readingOf(all, 'vault_dependency_up', { dependency })).toBe(1);
    expect(readingOf(all, 'vault_slack_sockets_connected')).toBeGreaterThan(0);
    expect(readingOf(all, 'vault_data_dir_free_bytes')).toBeGreaterThan(0);
    expect(readingOf(all, 'vault_bots')).toBe(1);
    expect(all.find(({ name }) => name === 'vault_build_info')?.labels).toMatchObject({ catalog: 'sqlite' });
    expect(readingOf(all, 'vault_oldest_due_age_seconds', { kind: 'capture' })).toBeLessThan(30);
    expect(readingOf(all, 'vault_stored_files')).toBeDefined();
    expect(all.filter(({ name, value }) => name.startsWith('vault_') && Number.isNaN(value))).toEqual([]);
  });

  it.skipIf(!hasPromtool)(
    'have names, units and help texts that Prometheus finds nothing wrong with',
    async () => {
      const text = await metricsText(bot.port);
      // What `prom-client` tells of Node itself has names of its own.
      const ours = text.split('\n').filter((line) => /^(# \w+ )?vault_/.test(line));
      expect(promtool(['check', 'metrics'], `${ours.join('\n')}\n`)).toEqual({ status: 0, said: '' });
      expect(promtool(['check', 'metrics'], text).status).not.toBe(1);
    },
  );

  it('say in each help text whether they are of this process or of the whole vault', async () => {
    const ours = describedIn(await metricsText(bot.port)).filter(({ name }) => name.startsWith('vault_'));
    expect(ours.length).toBeGreaterThan(30);
    for (const { help } of ours)
      expect(help).toMatch(/use max, not sum|this (process|bot)|VAULT_|Slack gives up|took/);
  });
});

describe('the metrics of a bot in trouble', () => {
  it('show that the bucket is away, and that the oldest file waits longer and longer', async () => {
    vault.s3.faults.down = true;
    await vault.slack.as('ben').share('general', { name: 'b.txt', content: 'x' });
    const first = await once(
      'a failed capture',
      (all) =>
        readingOf(all, 'vault_dependency_up', { dependency: 'bucket' }) === 0 &&
        (readingOf(all, 'vault_oldest_due_age_seconds', { kind: 'capture' }) ?? 0) > 0,
    );
    const age = readingOf(first, 'vault_oldest_due_age_seconds', { kind: 'capture' }) as number;
    await once(
      'a longer wait',
      (all) => (readingOf(all, 'vault_oldest_due_age_seconds', { kind: 'capture' }) ?? 0) > age + 1,
    );
    expect(readingOf(first, 'vault_capture_queue')).toBe(1);
    expect(readingOf(first, 'vault_dependency_up', { dependency: 'database' })).toBe(1);
  });

  it('has few lines about it however many files wait, and one when the bucket is back', async () => {
    const { log } = bot;
    for (let n = 0; n < 20; n++)
      await vault.slack.as('ben').share('general', { name: `${n}.txt`, content: 'x' });
    await once(
      'all attempts',
      (all) => (readingOf(all, 'vault_captures_total', { outcome: 'failed' }) ?? 0) > 30,
    );
    const about = () => log.filter(({ code }) => String(code).startsWith('bucket_'));
    expect(about().length).toBeLessThan(8);
    expect(
      new Set(
        about()
          .filter(({ times }) => times === undefined)
          .map(({ code }) => code),
      ).size,
    ).toBe(about().filter(({ times }) => times === undefined).length);
    vault.s3.faults.down = false;
    await once('the captures', (all) => readingOf(all, 'vault_captures_total', { outcome: 'stored' }) === 22);
    await until('the line', async () => {
      // Each scrape asks the bucket whether it is there.
      await scrape(bot.port);
      return log.some(({ msg }) => msg === 'the bucket works again');
    });
    expect(log.filter(({ msg }) => msg === 'the bucket works again')).toHaveLength(1);
    expect(log.find(({ msg }) => String(msg).startsWith('listening'))).toMatchObject({
      version: expect.stringMatching(/^\d/),
      schema: expect.stringMatching(/^\d{4}_/),
      node: process.version,
    });
  });
});
