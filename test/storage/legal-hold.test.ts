import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/storage/bucket.ts';
import { hasObjectLock, legalHoldOf, setLegalHold } from '../../src/storage/legal-hold.ts';
import { openDialects, type Speaking } from './dialects.ts';

describe('legal holds', () => {
  let store: Speaking;
  beforeAll(async () => {
    store = await openDialects({ objectLock: true });
  });
  afterAll(() => store.close());

  const write = async ({ client, name: Bucket }: Bucket, Key: string) =>
    (await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ChecksumAlgorithm: 'CRC32' })))
      .VersionId ?? null;

  it.each([
    ['AWS', []],
    ['Ceph, which has its own word for an object that was never held', ['missing-hold-404']],
  ] as const)('are set, read back and taken off on %s', async (_store, dialect) => {
    const bucket = await store.open(dialect);
    expect(await hasObjectLock(bucket)).toBe(true);
    const version = { key: 'a b.txt', versionId: await write(bucket, 'a b.txt') };
    expect(await legalHoldOf(bucket, version)).toBe(false);
    expect(await setLegalHold(bucket, version, true)).toBe(true);
    expect(await legalHoldOf(bucket, version)).toBe(true);
    expect(await setLegalHold(bucket, version, false)).toBe(true);
    expect(await legalHoldOf(bucket, version)).toBe(false);
    const nobody = { key: 'nobody', versionId: null };
    expect([await legalHoldOf(bucket, nobody), await setLegalHold(bucket, nobody, true)]).toEqual([
      null,
      false,
    ]);
  });

  it('whether there is Object Lock is not known where the vault may not ask', async () => {
    expect(await hasObjectLock(await store.open(['lock-config-403']))).toBe('unknown');
    expect(await hasObjectLock(await store.open(['object-lock-501']))).toBe(false);
  });
});

/** A store of one object that answers with these. */
const stub = (answers: Record<string, () => unknown>, name = 'b') =>
  ({
    name,
    place: { name, endpointHost: null },
    client: { send: async (command: object) => answers[command.constructor.name]?.() },
  }) as unknown as Bucket;
const refuse = (status: number, Code: string) => () => {
  throw Object.assign(new Error(Code), { name: Code, Code, $metadata: { httpStatusCode: status } });
};
const object = { key: 'k', versionId: null };

it('a store that accepts a hold and does not keep it is found out', async () => {
  const forgetful = stub({ GetObjectLegalHoldCommand: () => ({ LegalHold: { Status: 'OFF' } }) });
  await expect(setLegalHold(forgetful, object, true)).rejects.toMatchObject({ code: 'hold_not_kept' });
  const stubborn = stub({ GetObjectLegalHoldCommand: () => ({ LegalHold: { Status: 'ON' } }) });
  await expect(setLegalHold(stubborn, object, false)).rejects.toThrow('still held');
});

it.each(['NoSuchUpload', 'NoSuchBucket', 'NoSuchTagSet'])(
  'any other 404 (%s) is a failure, not a missing object',
  async (name) => {
    const odd = stub({
      GetObjectLegalHoldCommand: refuse(404, name),
      PutObjectLegalHoldCommand: refuse(404, name),
    });
    await expect(legalHoldOf(odd, object)).rejects.toThrow();
    await expect(setLegalHold(odd, object, true)).rejects.toThrow();
  },
);

it.each([
  [403, 'AccessDenied', 'b', 'unknown'],
  [401, 'Unauthorized', 'b', 'unknown'],
  [404, 'ObjectLockConfigurationNotFoundError', 'b', false],
  [405, 'MethodNotAllowed', 'b', false],
  [400, 'InvalidRequest', 'b', false],
  // Access points do not answer this question.
  [405, 'MethodNotAllowed', 'arn:aws:s3:eu-central-1:123456789012:accesspoint/a', 'unknown'],
  [405, 'MethodNotAllowed', 'vault-abc123-s3alias', 'unknown'],
] as const)('%s %s from %s: Object Lock is %s', async (status, code, name, lock) => {
  expect(await hasObjectLock(stub({ GetObjectLockConfigurationCommand: refuse(status, code) }, name))).toBe(
    lock,
  );
});

it.each([
  [404, 'NoSuchBucket'],
  [500, 'InternalError'],
  [503, 'SlowDown'],
  [502, 'BadGateway'],
])('%s %s says nothing about Object Lock', async (status, code) => {
  const bucket = stub({ GetObjectLockConfigurationCommand: refuse(status, code) });
  await expect(hasObjectLock(bucket)).rejects.toThrow();
});
