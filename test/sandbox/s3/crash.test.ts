import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { crcText } from '../../../sandbox/s3/checksums.ts';
import { startS3 } from '../../../sandbox/s3/server.ts';
import { Bucket, bytes, client, credentials, leftovers, temporaryFolder } from './helpers.ts';

async function start(dir: string): Promise<{ process: ChildProcess; endpoint: string }> {
  const script = fileURLToPath(new URL('crash-server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = await once(createInterface(child.stdout as Readable), 'line');
  return { process: child, endpoint: `http://127.0.0.1:${port}` };
}

test('a server killed at any instant leaves whole objects or none, and answered puts stay', async () => {
  const dir = await temporaryFolder();
  const sent = new Map<string, string>();
  const answered = new Set<string>();
  for (let round = 0; round < 6; round++) {
    const server = await start(dir);
    const s3 = client(server.endpoint, { maxAttempts: 1 });
    const puts = Array.from({ length: 4 }, async (_, lane) => {
      for (let number = 0; ; number++) {
        const key = `${round}/${lane}/${number}`;
        const body = bytes(1 + Math.floor(Math.random() * 400_000));
        sent.set(key, crcText(crc32(body)));
        await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
        answered.add(key);
      }
    });
    const ended = Promise.allSettled(puts);
    const before = answered.size;
    await expect.poll(() => answered.size, { timeout: 20_000, interval: 1 }).toBeGreaterThan(before + round);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    server.process.kill('SIGKILL');
    await once(server.process, 'exit');
    await ended;
  }

  const after = await startS3({ dir, credentials, buckets: [Bucket] });
  onTestFinished(() => after.close());
  const objects = await after.list(Bucket);
  const keys = new Set(objects.map((object) => object.key));
  expect([...answered].filter((key) => !keys.has(key))).toEqual([]);
  for (const { key, size, crc32: claimed } of objects) {
    const body = await after.read(Bucket, key);
    expect([key, body.length, crcText(crc32(body))]).toEqual([key, size, sent.get(key)]);
    expect(claimed).toBe(sent.get(key));
  }
  // The start removes half-written files: one data file for each object remains, and no more.
  expect(await leftovers(dir)).toHaveLength(objects.length);
});
