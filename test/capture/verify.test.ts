// @slow: random damage to a bucket.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repair } from '../../src/capture/repair.ts';
import { verify } from '../../src/capture/verify.ts';
import type { Finding } from '../../src/catalog/alerts/findings.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored } from '../../src/catalog/files/capture.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { measureBuffer } from '../../src/storage/measure.ts';
import { encodeMetadata } from '../../src/storage/metadata.ts';
import { unquote } from '../../src/storage/probe.ts';
import { putObject } from '../../src/storage/put.ts';
import { removeObject } from '../../src/storage/remove.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';

const DAY = 86_400_000;

describe.each(databases)('comparing catalog and bucket on $name', ({ fresh }) => {
  let catalog: Catalog;
  let target: Target;
  beforeAll(async () => {
    [catalog, target] = await Promise.all([fresh(), openTarget({ sandboxOnly: true })]);
  });
  afterAll(async () => {
    await catalog.close();
    await target.close();
  });

  async function clear(): Promise<void> {
    await empty(catalog);
    for (const key of await target.keys()) await removeObject(target.bucket, key);
  }

  const keyOf = (name: string) => `${target.bucket.prefix}/${TEAM}/${name}`;

  function description(fileId: string) {
    return encodeMetadata({
      ...{ teamId: TEAM, fileId, channelId: 'C1', uploaderId: 'U1', sharedAt: T0, messageTs: '1.000001' },
      ...{ name: `${fileId}.txt`, title: null, mimetype: 'text/plain', sha256: null },
    });
  }

  async function putBytes(key: string, bytes: Buffer, fileId: string | null) {
    const metadata = fileId === null ? {} : description(fileId);
    const request = { key, body: bytes, length: bytes.length, contentType: 'text/plain', metadata };
    return putObject(target.bucket, request);
  }

  /** Replaces an object's bytes without the vault knowing. */
  async function overwrite(key: string, Body: Buffer): Promise<void> {
    const { client, name: Bucket } = target.bucket;
    await client.send(new PutObjectCommand({ Bucket, Key: key, Body }));
  }

  async function storeAt(fileId: string, key: string, bytes: Buffer): Promise<void> {
    await recordShares(catalog, TEAM, [found(fileId, 'C1', T0, { size: bytes.length })], T0);
    const claim = { owner: 'w', limit: 1_000, leaseMs: 0, now: Number.MAX_SAFE_INTEGER };
    await claimDueFiles(catalog, claim);
    const object = await putBytes(key, bytes, fileId);
    const ref = { teamId: TEAM, fileId };
    await commitStored(catalog, { ref, owner: 'w', object, confirm: 'off', now: T0 });
  }

  async function compare(options: Partial<Parameters<typeof verify>[0]> = {}) {
    const findings: Finding[] = [];
    const { bucket } = target;
    const onFinding = (finding: Finding) => void findings.push(finding);
    const summary = await verify({ catalog, bucket, now: () => T0 + DAY, onFinding, ...options });
    const lines = findings.map(({ kind, key, uploadId }) => `${kind} ${uploadId ? 'upload' : key}`).sort();
    return { findings, lines, summary };
  }

  it.each([
    ['in an archive', 'GetObject', 'InvalidObjectState', 'archived'],
    ['closed by a policy', 'GetObject', 'AccessDenied', 'may not read'],
    ['closed to HEAD, too', 'HeadObject', 'AccessDenied', 'may not read'],
  ] as const)(
    'an object %s is a finding, and the rest is read all the same',
    async (_where, operation, code, why) => {
      await clear();
      for (const name of ['F1', 'F2', 'F3']) await storeAt(name, keyOf(name), Buffer.from(name));
      await putBytes(keyOf('F9'), Buffer.from('F9'), null);
      await overwrite(keyOf('F3'), Buffer.from('other'.slice(0, 2)));
      const faults = target.sandbox?.faults;
      faults?.add({ operation, key: /F[29]$/, do: { status: 403, code } });
      const found: Finding[] = [];
      const onFinding = (finding: Finding) => void found.push(finding);
      const { bucket } = target;
      const { counts } = await verify({ catalog, bucket, deep: true, now: () => T0 + DAY, onFinding });
      faults?.clear();
      const closed = operation === 'GetObject' ? 1 : 0;
      expect(counts).toMatchObject({ unreadable: closed, wrong_bytes: 1, unknown: 1, missing: 0 });
      if (closed) expect(found.find(({ kind }) => kind === 'unreadable')?.detail).toContain(why);
      else expect(found.find(({ kind }) => kind === 'unknown')?.detail).toContain(why);
      for (const finding of found.filter(({ kind }) => kind === 'unreadable')) {
        const { outcome } = await repair({ catalog, bucket, now: () => T0 }, finding);
        expect(outcome).toBe('reported');
      }
    },
  );

  it('an empty catalog and an empty bucket agree', async () => {
    await clear();
    expect(await compare()).toMatchObject({ lines: [], summary: { objects: 0, files: 0 } });
  });

  // The comparison says exactly what happened to each file: neither less nor more.
  const fate = fc.constantFrom(
    'whole',
    'trashed',
    'missing',
    'shorter',
    'overwritten',
    'stranger',
    'described',
    'waiting',
  );
  // Names that sort differently by UTF-16 units and by bytes are in it.
  const name = fc.oneof(
    fc.stringMatching(/^[a-z0-9 +%&.-]{1,12}$/),
    fc.constantFrom('\u{1f600}', '\uffe5', '\ue000x', 'ä', 'a/b', 'a\u0001b', 'A'),
  );
  const world = fc.uniqueArray(fc.record({ name, fate, text: fc.string({ minLength: 2, maxLength: 20 }) }), {
    selector: (one) => one.name,
    maxLength: 8,
  });

  it('finds what was done behind its back, and nothing else', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.boolean(), async (files, deep) => {
        await clear();
        const expected: string[] = [];
        for (const [index, file] of files.entries()) {
          const fileId = `F${index}`;
          const key = keyOf(`${file.name}.${index}`);
          const bytes = Buffer.from(file.text);
          const ref = { teamId: TEAM, fileId };
          if (file.fate === 'stranger') await putBytes(key, bytes, null);
          else if (file.fate === 'described') await putBytes(key, bytes, fileId);
          else if (file.fate === 'waiting') {
            await recordShares(catalog, TEAM, [found(fileId, 'C1', T0)], T0);
            await putBytes(key, bytes, fileId);
          } else await storeAt(fileId, key, bytes);
          if (file.fate === 'trashed')
            await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0 + DAY, now: T0 });
          if (file.fate === 'missing') await removeObject(target.bucket, key);
          if (file.fate === 'shorter') await overwrite(key, bytes.subarray(1));
          if (file.fate === 'overwritten') await overwrite(key, Buffer.from(bytes.map((byte) => byte ^ 1)));
          const kind = { missing: 'missing', shorter: 'wrong_size', overwritten: 'wrong_bytes' }[
            file.fate as string
          ];
          if (kind) expected.push(`${kind} ${key}`);
          if (file.fate === 'stranger' || file.fate === 'described') expected.push(`unknown ${key}`);
        }
        const { lines, summary } = await compare({ deep });
        expect(lines).toEqual(expected.sort());
        expect(summary.objects).toBe(files.filter((file) => file.fate !== 'missing').length);
      }),
      { numRuns: 40 },
    );
  });

  it('repairs: captured again what Slack has, adopted what says what it is, the rest reported', async () => {
    await clear();
    await storeAt('F1', keyOf('gone'), Buffer.from('one'));
    await storeAt('F2', keyOf('bad'), Buffer.from('two'));
    await storeAt('F3', keyOf('fine'), Buffer.from('three'));
    await removeObject(target.bucket, keyOf('gone'));
    await overwrite(keyOf('bad'), Buffer.from('TWO'));
    await putBytes(keyOf('described'), Buffer.from('four'), 'F4');
    await putBytes(keyOf('stranger'), Buffer.from('five'), null);

    const { findings } = await compare();
    const outcomes: Record<string, string> = {};
    for (const finding of findings) {
      const { outcome } = await repair({ catalog, bucket: target.bucket, now: () => T0 + 1 }, finding);
      outcomes[finding.key?.split('/').at(-1) ?? ''] = outcome;
    }
    expect(outcomes).toEqual({
      gone: 'captured_again',
      bad: 'captured_again',
      described: 'adopted',
      stranger: 'reported',
    });
    const state = async (fileId: string) => (await fileById(catalog, { teamId: TEAM, fileId }))?.state;
    expect(await Promise.all(['F1', 'F2', 'F3', 'F4'].map(state))).toEqual([
      'pending',
      'pending',
      'stored',
      'stored',
    ]);
    const adopted = await fileById(catalog, { teamId: TEAM, fileId: 'F4' });
    const { sha256, crc32 } = measureBuffer(Buffer.from('four'));
    expect(adopted).toMatchObject({ objectKey: keyOf('described'), name: 'F4.txt', sha256, crc32 });
    // The damaged object is kept elsewhere, and is not a finding.
    const aside = (await target.keys()).filter((key) => key.includes('/.ria-vault/set-aside/F2-'));
    expect(aside).toHaveLength(1);
    expect((await compare()).lines).toEqual([`unknown ${keyOf('stranger')}`]);
  });

  it('a file that Slack has deleted is reported, and its row left alone', async () => {
    await clear();
    await storeAt('F1', keyOf('gone'), Buffer.from('one'));
    await catalog.db.updateTable('file').set({ slackDeletedAt: T0 }).execute();
    await removeObject(target.bucket, keyOf('gone'));
    const { findings } = await compare();
    const outcome = await repair({ catalog, bucket: target.bucket, now: () => T0 }, findings[0] as Finding);
    expect(outcome).toMatchObject({ outcome: 'reported', note: expect.stringContaining('Slack') });
    expect((await fileById(catalog, { teamId: TEAM, fileId: 'F1' }))?.state).toBe('stored');
  });

  it('an object of another workspace is never adopted', async () => {
    await clear();
    await storeAt('F1', keyOf('mine'), Buffer.from('one'));
    const metadata = { ...description('F9'), team: 'T999' };
    const body = Buffer.from('x');
    await putObject(target.bucket, { key: keyOf('theirs'), body, length: 1, contentType: 'x/y', metadata });
    const { findings } = await compare();
    const outcome = await repair({ catalog, bucket: target.bucket, now: () => T0 }, findings[0] as Finding);
    expect(outcome).toMatchObject({ outcome: 'reported', note: expect.stringContaining('T999') });
  });

  it('finds what should have left the trash, what came back, and rows without a key', async () => {
    await clear();
    for (const fileId of ['F1', 'F2', 'F3']) await storeAt(fileId, keyOf(fileId), Buffer.from(fileId));
    const ref = { teamId: TEAM, fileId: 'F1' };
    await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0 - 2 * DAY, now: T0 });
    await catalog.db.updateTable('file').set({ state: 'purged' }).where('fileId', '=', 'F2').execute();
    await catalog.db.updateTable('file').set({ objectKey: null }).where('fileId', '=', 'F3').execute();
    const { lines } = await compare();
    expect(lines).toEqual(
      [
        `no_key null`,
        `overdue_trash ${keyOf('F1')}`,
        `unknown ${keyOf('F3')}`,
        `unpurged ${keyOf('F2')}`,
      ].sort(),
    );
  });

  it('when all is well it costs one request for 1,000 objects, and one for the uploads', async () => {
    await clear();
    for (const fileId of ['F1', 'F2', 'F3']) await storeAt(fileId, keyOf(fileId), Buffer.from(fileId));
    target.sandbox?.requests.reset();
    expect((await compare()).lines).toEqual([]);
    const asked = target.sandbox?.requests.list.map(({ operation }) => operation);
    expect(asked).toEqual(['ListObjectsV2', 'ListMultipartUploads']);
  });

  it('begins no other row after a failure, and ends with it', async () => {
    for (let i = 0; i < 12; i++) {
      await storeAt(`F${i}`, keyOf(`${i}.txt`), Buffer.from('x'));
      await removeObject(target.bucket, keyOf(`${i}.txt`));
    }
    let asked = 0;
    const mayAsk = () => {
      asked += 1;
      throw new Error(`enough, ${asked}`);
    };
    await expect(compare({ mayAsk })).rejects.toThrow('enough, 1');
    expect(asked).toBeLessThan(12);
  });

  it('asks about single objects no more often than it may', async () => {
    await clear();
    for (const fileId of ['F1', 'F2', 'F3']) await storeAt(fileId, keyOf(fileId), Buffer.from(fileId));
    for (const fileId of ['F1', 'F2', 'F3']) await removeObject(target.bucket, keyOf(fileId));
    let left = 1;
    target.sandbox?.requests.reset();
    const { lines } = await compare({ mayAsk: () => left-- > 0 });
    expect(lines).toHaveLength(3);
    expect(target.sandbox?.requests.count('HeadObject')).toBe(1);
  });

  it('the ETag of the listing is the one that was recorded', async () => {
    await clear();
    await storeAt('F1', keyOf('F1'), Buffer.from('x'));
    const row = await fileById(catalog, { teamId: TEAM, fileId: 'F1' });
    const [listed] = (await target.sandbox?.list(target.bucket.name)) ?? [];
    expect(row?.etag).toBe(unquote(listed?.etag));
  });
});
