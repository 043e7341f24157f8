/** The real clamd, with the limits that its settings give it. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/log.ts';
import { scanStream, takesBytes } from '../../src/scan/clamd.ts';
import { createScanner } from '../../src/scan/scanner.ts';
import { BAD_WORDS, type Clamd, noClamd, SIGNATURE, startClamd } from '../helpers/clamd.ts';

const MiB = 2 ** 20;
const log = { info() {}, warn() {} } as unknown as Log;

describe.skipIf(noClamd())('a clamd with small limits', () => {
  let clamd: Clamd;
  beforeAll(async () => {
    const limits = ['StreamMaxLength 3M', 'MaxFileSize 2M', 'MaxScanSize 2M'];
    clamd = await startClamd([...limits, 'AlertExceedsMax yes', 'AlertEncrypted yes']);
  }, 60_000);
  afterAll(() => clamd?.close());

  const scannerOf = (now = () => Date.now()) => createScanner({ address: clamd.address, log, now });
  const scan = async (bytes: Buffer, scanner = scannerOf()) =>
    (await scanner.scan(bytes.length, async () => Readable.from([bytes]))).verdict;

  it('finds what its signatures name, and nothing else', async () => {
    expect(await scan(Buffer.from('good words'))).toEqual({ kind: 'clean' });
    expect(await scan(Buffer.alloc(0))).toEqual({ kind: 'clean' });
    const packed = Buffer.from(`${'x'.repeat(MiB)} ${BAD_WORDS} ${'y'.repeat(100)}`);
    expect(await scan(packed)).toEqual({ kind: 'infected', signature: SIGNATURE });
  });

  it('says so when a file is beyond MaxFileSize, and the bot believes it of larger files then', async () => {
    expect(await scan(Buffer.alloc(2 * MiB + 1, 65))).toMatchObject({
      kind: 'not_scanned',
      reason: 'limits',
    });
    const scanner = scannerOf();
    await scanner.isThere();
    expect(scanner.facts()).toMatchObject({ tellsLimits: true, tellsLocked: true, awaySince: null });
  });

  it('refuses a stream beyond StreamMaxLength, and its object is not even read', async () => {
    expect(await takesBytes(clamd.address, 3 * MiB)).toBe(true);
    expect(await takesBytes(clamd.address, 3 * MiB + 1)).toBe(false);
    const open = async () => {
      throw new Error('read all the same');
    };
    for (const bytes of [3 * MiB + 1, 2 ** 31 - 3, 2 ** 31, 5 * 2 ** 30])
      expect((await scannerOf().scan(bytes, open)).verdict).toMatchObject({ reason: 'too_large' });
  });

  it('closes the connection while bytes are on their way: the refusal is found out all the same, each time', async () => {
    let refused = 0;
    for (let i = 0; i < 12; i++) {
      const sent = scanStream(clamd.address, Readable.from([Buffer.alloc(20 * MiB, 65)]));
      // The answer is often lost with the connection (EPIPE, ECONNRESET); that is no verdict.
      const outcome = await sent.catch((error) => error);
      if (outcome.verdict !== undefined) refused += 1;
      expect(outcome.verdict?.reason ?? outcome.code).toMatch(/^(too_large|scanner_away)$/);
      // The same through the scanner, as if the size had been told too small.
      const lied = await scannerOf().scan(4 * MiB, async () => Readable.from([Buffer.alloc(20 * MiB, 65)]));
      expect(lied.verdict).toMatchObject({ kind: 'not_scanned', reason: 'too_large' });
    }
    expect(refused).toBeLessThanOrEqual(12);
  });

  it('takes in new signatures while it works', async () => {
    const words = Buffer.from('words that are malware only from now on');
    expect(await scan(words)).toEqual({ kind: 'clean' });
    await clamd.learn('Vault.Test.Later', String(words));
    expect(await scan(words)).toEqual({ kind: 'infected', signature: 'Vault.Test.Later.UNOFFICIAL' });
  });

  it('is away after kill -9 in the middle of a file, and there again after a start', async () => {
    let clock = Date.now();
    const scanner = scannerOf(() => clock);
    const body = async function* () {
      yield Buffer.alloc(MiB);
      await clamd.kill();
      yield Buffer.alloc(MiB / 2);
    };
    const broken = scanner.scan(MiB + MiB / 2, async () => Readable.from(body()));
    await expect(broken).rejects.toMatchObject({ code: 'scanner_away', midway: true });
    expect(await scanner.isThere()).toBe(false);
    expect(scanner.facts().awaySince).toBe(clock);
    await clamd.start();
    // Not asked again before its time.
    expect(await scanner.isThere()).toBe(false);
    clock = scanner.nextLookAt();
    expect(await scanner.isThere()).toBe(true);
    expect(await scan(Buffer.from('good words'), scanner)).toEqual({ kind: 'clean' });
  }, 60_000);
});

describe.skipIf(noClamd())('a clamd that does not tell its limits', () => {
  let clamd: Clamd;
  beforeAll(async () => {
    clamd = await startClamd(['StreamMaxLength 100M', 'MaxFileSize 1M', 'MaxScanSize 1M']);
  }, 60_000);
  afterAll(() => clamd?.close());

  it('calls clean what it has not read; so the bot does not believe it of large files', async () => {
    const scanner = createScanner({ address: clamd.address, log, now: Date.now });
    const hidden = (mib: number) => Buffer.concat([Buffer.alloc(mib * MiB, 65), Buffer.from(BAD_WORDS)]);
    // This is clamd's own answer: OK.
    const { verdict } = await scanStream(clamd.address, Readable.from([hidden(2)]));
    expect(verdict).toEqual({ kind: 'clean' });
    await scanner.isThere();
    expect(scanner.facts()).toMatchObject({ tellsLimits: false, tellsLocked: false });
    const large = hidden(26);
    const told = await scanner.scan(large.length, async () => Readable.from([large]));
    expect(told.verdict).toMatchObject({ kind: 'not_scanned', reason: 'limits' });
  });
});
