/** Whoever counts requests is told of each of them when it ended, and of nothing else. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { S3RequestDone } from '../../src/observed.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { checkBucket } from '../../src/storage/health.ts';
import { BodyError } from '../../src/storage/measure.ts';
import { presignDownload } from '../../src/storage/presign.ts';
import { streamShape } from '../../src/storage/send-put.ts';
import { openDialects, type Speaking } from './dialects.ts';

let store: Speaking;
let bucket: Bucket;
let done: S3RequestDone[] = [];
beforeAll(async () => {
  store = await openDialects();
  bucket = await store.open([], { onRequest: (one) => void done.push(one), maxAttempts: 2 });
});
beforeEach(() => {
  done = [];
  store.server.faults.clear();
});
afterAll(() => store.close());

const told = () => done.map(({ operation, outcome }) => `${operation} ${outcome}`);
const put = (body: AsyncIterable<Buffer>, key = 'a') =>
  bucket.sendPut({ ...streamShape(3, false), key, body });
async function* bytes(fails = false) {
  yield Buffer.from('ab');
  if (fails) throw new BodyError('body_failed', 'the source broke off');
  yield Buffer.from('c');
}

it('of a put, and of a request of the SDK, with its time; never of a link that is only signed', async () => {
  await put(bytes());
  await checkBucket(bucket);
  const file = { key: 'a', name: 'a.txt', contentType: 'text/plain', expiresSeconds: 300 };
  expect(await presignDownload(bucket, file)).toContain('X-Amz-Signature');
  expect(told()).toEqual(['PutObject ok', 'HeadBucket ok']);
  expect(done.every(({ seconds }) => seconds > 0 && seconds < 30)).toBe(true);
});

it.each([
  [503, 'SlowDown', 'slow_down'],
  [500, 'InternalError', 'failed'],
  [403, 'AccessDenied', 'denied'],
  [400, 'InvalidRequest', 'refused'],
  [412, 'PreconditionFailed', 'taken'],
])('of each try, and how it ended: %s %s is %s', async (status, code, outcome) => {
  store.server.faults.add({ operation: 'PutObject', times: 1, do: { status, code } });
  await put(bytes()).catch(() => {});
  expect(told()).toEqual([`PutObject ${outcome}`]);
});

it('of each try of the SDK', async () => {
  store.server.faults.add({ operation: 'HeadBucket', do: { status: 500, code: 'InternalError' } });
  await checkBucket(bucket).catch(() => {});
  expect(told()).toEqual(['HeadBucket failed', 'HeadBucket failed']);
});

it('that nobody answered, and that the vault itself ended a request', async () => {
  await put(bytes(true), 'b').catch(() => {});
  store.server.faults.down = true;
  await put(bytes(), 'c').catch(() => {});
  store.server.faults.down = false;
  expect(told()).toEqual(['PutObject aborted', 'PutObject unreachable']);
});
