import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AwayError, ConfigError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { createWaits, type Waits } from '../../src/start/waits.ts';
import { StorageError } from '../../src/storage/errors.ts';

let lines: Array<{ level: string; msg: string; code?: string; part?: string }>;
let stopping: AbortController;
let waits: Waits;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  lines = [];
  stopping = new AbortController();
  const log = createLog('info', { write: (line) => lines.push(JSON.parse(line)) });
  waits = createWaits({ log, signal: stopping.signal });
});
afterEach(() => vi.useRealTimers());

const away = () => new StorageError('bucket_unreachable', 'Nobody answers at s3.example.com.');
const said = () => lines.map(({ msg }) => msg);

it('waits quietly for what answers at once', async () => {
  expect(await waits.until('bucket', async () => 'open')).toBe('open');
  expect(said()).toEqual([]);
  expect(waits.sentences()).toEqual({});
});

it('tells when it begins to wait, then once a minute, and when the part is there', async () => {
  let isAway = true;
  let tries = 0;
  const waiting = waits.until('bucket', async () => {
    tries += 1;
    if (isAway) throw away();
    return 'open';
  });
  await vi.advanceTimersByTimeAsync(5 * 60_000 + 1_000);
  expect(said()).toEqual([
    'waiting for the bucket: Nobody answers at s3.example.com.',
    ...Array(5).fill('still waiting for the bucket: Nobody answers at s3.example.com.'),
  ]);
  // Pauses of 0.5, 1, 2, 4, 8, 16 and then 30 s.
  expect(tries).toBeGreaterThan(10);
  expect(tries).toBeLessThan(18);
  expect(waits.sentences().bucket).toMatch(/^Waiting for the bucket \(bucket_unreachable\)\. .*written down/);
  isAway = false;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await waiting).toBe('open');
  expect(said().at(-1)).toBe('the bucket is there');
  expect(waits.sentences()).toEqual({});
});

it('says what takes long, if it is told', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const waiting = waits.until('database', (_, busyWith) => {
    busyWith('its tables are changed for this version.');
    return promise;
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(said()).toEqual(['waiting for the database: its tables are changed for this version.']);
  expect(waits.sentences().database).toMatch(/^Waiting for the database \(busy\)\. /);
  resolve('open');
  expect(await waiting).toBe('open');
});

it('says so when nothing answers at all, and ends at once when the process stops', async () => {
  const waiting = waits.until('database', () => new Promise(() => {}));
  const begun = vi.fn();
  waits.begun('database').then(begun);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(begun).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(begun).toHaveBeenCalled();
  expect(said()).toEqual([]);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(said()).toEqual(['waiting for the database: it has not answered yet.']);
  expect(waits.sentences().database).toContain('(no_answer)');
  stopping.abort(new Error('the process stops'));
  await expect(waiting).rejects.toThrow('the process stops');
});

it('ends a pause at once when the process stops', async () => {
  const waiting = waits.until('bucket', () => Promise.reject(away()));
  const ended = expect(waiting).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(60_000);
  stopping.abort(new Error('the process stops'));
  await ended;
});

it('does not wait for what a person must change', async () => {
  const error = new ConfigError('SLACK_BOT_TOKEN', 'Slack refused it.');
  await expect(waits.until('slack', () => Promise.reject(error))).rejects.toBe(error);
  expect(said()).toEqual([]);
});

it('waits for as long as Slack asks', async () => {
  let tries = 0;
  const limited = new StorageError('bucket_busy', 'x', { retryAfterMs: 20_000 });
  const waiting = waits.until('slack', async () => {
    tries += 1;
    if (tries === 1) throw new AwayError('SLACK_API_URL', 'Slack cannot answer.', { cause: limited });
  });
  await vi.advanceTimersByTimeAsync(19_000);
  expect(tries).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  await waiting;
  expect(lines[0]?.code).toBe('bucket_busy');
});
