import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repair } from '../../src/capture/repair.ts';
import type { Finding } from '../../src/catalog/alerts/findings.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored } from '../../src/catalog/files/capture.ts';
import { addFoundVersion } from '../../src/catalog/files/found-versions.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimPurges, commitPurged, trashFile } from '../../src/catalog/files/trash.ts';
import { everyVersion, olderVersions } from '../../src/catalog/files/versions.ts';
import { auditOf } from '../../src/catalog/governance/audit.ts';
import type { StoredObject } from '../../src/catalog/model.ts';
import { encodeMetadata } from '../../src/storage/metadata.ts';
import { putObject } from '../../src/storage/put.ts';
import { removeObject } from '../../src/storage/remove.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';

const [sqlite] = databases;
const F1 = { teamId: TEAM, fileId: 'F1' };

describe('repairing what a comparison found', () => {
  let catalog: Catalog;
  let target: Target;
  beforeAll(async () => {
    const { fresh } = sqlite as (typeof databases)[number];
    [catalog, target] = await Promise.all([fresh(), openTarget({ sandboxOnly: true })]);
  });
  afterAll(async () => {
    await catalog.close();
    await target.close();
  });
  beforeEach(async () => {
    await empty(catalog);
    for (const key of await target.keys()) await removeObject(target.bucket, key);
  });

  const keyOf = (name: string) => `${target.bucket.prefix}/${TEAM}/${name}`;
  const mend = (about: Partial<Finding> & Pick<Finding, 'kind'>, o: { teamId?: string } = {}) => {
    const finding = { key: null, teamId: TEAM, fileId: 'F1', bytes: null, detail: '', ...about };
    return repair({ catalog, bucket: target.bucket, now: () => T0 + 1, ...o }, finding);
  };
  const setAside = async () => (await target.keys()).filter((key) => key.includes('/set-aside/'));
  const file = () => fileById(catalog, F1);

  /** Puts an object that says which file and version it is; null: one that says nothing. */
  async function put(
    name: string,
    text: string,
    about: { teamId?: string; version?: number } | null = {},
  ): Promise<StoredObject> {
    const body = Buffer.from(text);
    const described = {
      ...{ ...F1, channelId: 'C1', uploaderId: 'U1', sharedAt: T0, messageTs: '1.000001', sha256: null },
      ...{ name: 'plan.txt', title: null, mimetype: 'text/plain', ...about },
    };
    const metadata = about === null ? {} : encodeMetadata(described);
    return putObject(target.bucket, {
      ...{ key: keyOf(name), body, length: body.length, contentType: 'text/plain', metadata },
    });
  }

  async function stored(name = 'one', text = 'one'): Promise<void> {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 0, now: Number.MAX_SAFE_INTEGER });
    const object = await put(name, text);
    await commitStored(catalog, { ref: F1, owner: 'w', object, confirm: 'off', now: T0 });
  }

  /** Stores a second version, which makes the first an older one. */
  async function storedTwice(): Promise<void> {
    await stored();
    const object = await put('two', 'two!', { version: 2 });
    await addFoundVersion(catalog, { ref: F1, number: 2, object, storedAt: T0, now: T0 });
  }

  const trash = () => trashFile(catalog, { ref: F1, actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });

  describe('a stored file', () => {
    it.each(['missing', 'no_key'] as const)(
      'that is %s is captured again, and that is audited',
      async (kind) => {
        await stored();
        const mended = await mend({ kind, key: keyOf('one') });
        expect(mended).toEqual({ outcome: 'captured_again', note: '' });
        expect(await file()).toMatchObject({ state: 'pending', objectKey: null });
        const [entry] = await auditOf(catalog, F1, 1);
        expect(entry).toMatchObject({ action: 'lost', detail: { kind } });
      },
    );

    it.each(['wrong_size', 'wrong_bytes'] as const)(
      'of %s is captured again, its object set aside',
      async (kind) => {
        await stored();
        const { outcome, note } = await mend({ kind, key: keyOf('one'), detail: 'other bytes' });
        const [aside] = await setAside();
        expect([outcome, note]).toEqual(['captured_again', `the damaged object is now ${aside}`]);
        expect(await target.keys()).toEqual([aside]);
        expect((await auditOf(catalog, F1, 1))[0]?.detail).toMatchObject({ detail: 'other bytes', aside });
      },
    );

    it('that is in the trash, or has another object by now, is left alone', async () => {
      await stored();
      const other = await mend({ kind: 'missing', key: keyOf('elsewhere') });
      expect(other).toEqual({ outcome: 'reported', note: 'it has changed meanwhile' });
      expect(await file()).toMatchObject({ state: 'stored' });
      await trash();
      const trashed = await mend({ kind: 'wrong_bytes', key: keyOf('one') });
      expect(trashed).toEqual({ outcome: 'reported', note: 'it is in the trash' });
      expect(await target.keys()).toEqual([keyOf('one')]);
    });
  });

  describe('an older version', () => {
    it('that is missing is written down as lost: Slack has only the newest', async () => {
      await storedTwice();
      const { outcome, note } = await mend({ kind: 'missing', key: keyOf('one'), version: 1 });
      expect([outcome, note]).toEqual([
        'reported',
        'it was version 1, which Slack does not have any more: written down as lost',
      ]);
      expect(await everyVersion(catalog, F1)).toMatchObject([{ number: 1, lostAt: T0 + 1 }]);
      expect(await file()).toMatchObject({ state: 'stored', version: 2, olderVersions: 0 });
    });

    it('that is damaged is set aside as well', async () => {
      await storedTwice();
      const { note } = await mend({ kind: 'wrong_bytes', key: keyOf('one'), version: 1 });
      const [aside] = await setAside();
      expect(aside).toContain('/set-aside/F1-v1-');
      expect(note).toContain(`; the damaged object is now ${aside}`);
      expect(await target.keys()).toContain(keyOf('two'));
    });

    it('whose row tells of another object is left alone', async () => {
      await storedTwice();
      const { note } = await mend({ kind: 'missing', key: keyOf('elsewhere'), version: 1 });
      expect(note).toBe('it has changed meanwhile');
      expect(await olderVersions(catalog, F1)).toHaveLength(1);
    });
  });

  describe('an object that the catalog does not know', () => {
    const adopt = (name: string, o = {}) => mend({ kind: 'unknown', key: keyOf(name), fileId: null }, o);
    const NO_FILE = 'it does not say which file it is';

    it('that does not say which file it is, or is gone again, is left to a person', async () => {
      await put('stranger', 'x', null);
      expect(await adopt('stranger')).toEqual({ outcome: 'reported', note: NO_FILE });
      expect(await adopt('nothing')).toEqual({ outcome: 'reported', note: NO_FILE });
      expect(await target.keys()).toEqual([keyOf('stranger')]);
    });

    it('of another workspace is adopted only for the one that is named', async () => {
      await put('theirs', 'x', { teamId: 'T2' });
      expect(await adopt('theirs')).toMatchObject({
        outcome: 'reported',
        note: 'it is of another workspace, T2',
      });
      expect(await adopt('theirs', { teamId: 'T2' })).toEqual({ outcome: 'adopted', note: '' });
      const theirs = await fileById(catalog, { teamId: 'T2', fileId: 'F1' });
      expect(theirs).toMatchObject({ state: 'stored', name: 'plan.txt', objectKey: keyOf('theirs') });
    });

    it('of a file that waits to be captured ends its waiting', async () => {
      await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
      await put('one', 'one');
      expect(await adopt('one')).toEqual({ outcome: 'adopted', note: '' });
      expect(await file()).toMatchObject({ state: 'stored', objectKey: keyOf('one'), storedBytes: 3 });
    });

    it('of a file that is being captured, was purged, or has an object of that version, is left alone', async () => {
      await stored();
      await put('again', 'other bytes');
      expect((await adopt('again')).note).toBe('its file has another object');
      await trash();
      await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 9, now: T0 });
      await commitPurged(catalog, F1, 'p', T0);
      expect((await adopt('again')).note).toBe('its file is being captured, or was purged');
      expect(await file()).toMatchObject({ state: 'purged' });
    });

    it('of a known file may be another version of it, newer or older', async () => {
      await stored();
      await put('three', 'three', { version: 3 });
      expect(await adopt('three')).toEqual({ outcome: 'adopted', note: 'version 3 of a known file' });
      expect(await file()).toMatchObject({ version: 3, objectKey: keyOf('three') });
      await put('two', 'two', { version: 2 });
      expect(await adopt('two')).toEqual({ outcome: 'adopted', note: 'version 2 of a known file' });
      expect((await everyVersion(catalog, F1)).map(({ number }) => number).sort()).toEqual([1, 2]);
      expect((await adopt('two')).note).toBe('its file has another object');
    });
  });

  it('the parts of an upload that nobody goes on with are removed; one that has ended is no error', async () => {
    const { client, name: Bucket } = target.bucket;
    const upload = { Bucket, Key: keyOf('half') };
    const { UploadId: uploadId = '' } = await client.send(new CreateMultipartUploadCommand(upload));
    const finding = { kind: 'unfinished_upload', key: keyOf('half'), uploadId } as const;
    expect(await mend(finding)).toEqual({ outcome: 'aborted', note: '' });
    expect(await target.uploads()).toEqual([]);
    expect(await mend(finding)).toEqual({ outcome: 'aborted', note: '' });
  });

  it.each(['unpurged', 'overdue_trash'] as const)('nothing is removed because of %s', async (kind) => {
    await stored();
    expect((await mend({ kind, key: keyOf('one') })).outcome).toBe('reported');
    expect([await target.keys(), (await file())?.state]).toEqual([[keyOf('one')], 'stored']);
  });
});
