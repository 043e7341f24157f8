// @slow: new catalogs and whole rebuilds.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored } from '../../src/catalog/files/capture.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { awaitsFirstLook, claimFirstLook } from '../../src/catalog/journal/first-look.ts';
import { beginRebuild, refuseHalfRebuilt, STANDING } from '../../src/catalog/journal/replay.ts';
import { type Rebuilt, recall } from '../../src/catalog/memory.ts';
import { tellJournal } from '../../src/jobs/journal.ts';
import { segmentStore } from '../../src/journal/store.ts';
import { createLog } from '../../src/log.ts';
import { rebuild } from '../../src/rebuild/rebuild.ts';
import { firstLook } from '../../src/start/first-look.ts';
import { objectKey } from '../../src/storage/key.ts';
import { encodeMetadata } from '../../src/storage/metadata.ts';
import { putObject } from '../../src/storage/put.ts';
import { databases } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';

const quiet = createLog('error', { write: () => {} });
const now = () => T0;
const asked = { insist: false };

describe.each(databases)('a new catalog on $name', ({ fresh }) => {
  let target: Target;
  let empty: Catalog;
  beforeEach(async () => {
    target = await openTarget({ sandboxOnly: true });
    empty = await fresh();
  });
  afterEach(async () => {
    await empty.close();
    await target.close();
  });

  const { signal } = new AbortController();
  const look = (catalog = empty, owner = 'bot') =>
    firstLook({
      ...{ catalog, bucket: target.bucket, teamId: TEAM, owner, log: quiet, signal, now },
      busyWith() {},
    });
  const standing = async () => (await empty.db.selectFrom('journal').selectAll().executeTakeFirst()) ?? {};
  const ids = async () =>
    (await empty.db.selectFrom('file').select('fileId').orderBy('fileId').execute()).map((row) => row.fileId);

  /** A vault with these files in the bucket, told in the journal unless `untold`. */
  async function fill(files: string[], { untold = false } = {}): Promise<void> {
    const catalog = await fresh();
    for (const fileId of files) {
      const ref = { teamId: TEAM, fileId };
      await recordShares(catalog, TEAM, [found(fileId, 'C1', T0, { ...ref, size: fileId.length })], T0);
      await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1, now: T0 });
      const row = await fileById(catalog, ref);
      if (!row) throw new Error('it was not recorded');
      const object = await putObject(target.bucket, {
        key: objectKey({ ...row, prefix: target.bucket.prefix }),
        body: Buffer.from(fileId),
        length: fileId.length,
        contentType: 'text/plain',
        metadata: encodeMetadata({ ...row, sha256: null }),
      });
      await commitStored(catalog, { ref, owner: 'w', object, confirm: 'off', now: T0 });
    }
    if (!untold) {
      const store = segmentStore(target.bucket, TEAM);
      await tellJournal({ catalog, store, owner: 'w', everyMs: 1, log: quiet, now }).finish(10_000);
    }
    await catalog.close();
  }

  it('of an empty bucket begins as it is, and is looked at only while it is empty', async () => {
    expect(await awaitsFirstLook(empty, asked)).toBe(true);
    await look();
    expect(await standing()).toMatchObject({ rebuilding: STANDING.whole, leaseOwner: null, dueAt: null });
    expect(await recall<Rebuilt>(empty, 'rebuilt')).toBeNull();
    // Another bot that starts now must not take what this one will write for a vault that was lost.
    expect(await awaitsFirstLook(empty, asked)).toBe(false);
    expect(await standing()).toMatchObject({ rebuilding: STANDING.whole });
    await recordShares(empty, TEAM, [found('F1', 'C1', T0)], T0);
    expect(await awaitsFirstLook(empty, asked)).toBe(false);
  });

  it.each([false, true])(
    'is filled from a bucket that holds a vault (without a journal: %s)',
    async (untold) => {
      await fill(['F1', 'F2'], { untold });
      expect(await awaitsFirstLook(empty, asked)).toBe(true);
      await look();
      expect(await ids()).toEqual(['F1', 'F2']);
      expect(await standing()).toMatchObject({ rebuilding: STANDING.whole, leaseOwner: null, dueAt: null });
      expect(await recall<Rebuilt>(empty, 'rebuilt')).toMatchObject({
        at: T0,
        byItself: true,
        files: 2,
        lost: 0,
      });
      expect(await awaitsFirstLook(empty, asked)).toBe(false);
    },
  );

  it('forgets for the rebuild what was shared while the bucket was away; the sweep finds it again', async () => {
    await fill(['F1']);
    await awaitsFirstLook(empty, asked);
    await recordShares(empty, TEAM, [found('F1', 'C2', T0), found('F9', 'C2', T0)], T0);
    expect(await awaitsFirstLook(empty, asked)).toBe(true);
    await look();
    expect(await ids()).toEqual(['F1']);
  });

  it('that was half filled when the bot was killed is filled by the next start', async () => {
    await fill(['F1', 'F2', 'F3']);
    await awaitsFirstLook(empty, asked);
    expect(await claimFirstLook(empty, { owner: 'dead', leaseMs: -1, now: T0 })).toBe('mine');
    await beginRebuild(empty, STANDING.byItself);
    await recordShares(empty, TEAM, [found('F7', 'C1', T0)], T0);
    await refuseHalfRebuilt(empty);
    expect(await awaitsFirstLook(empty, asked)).toBe(true);
    await look();
    expect(await ids()).toEqual(['F1', 'F2', 'F3']);
  });

  it('is filled once by two bots that start together', async () => {
    await fill(['F1', 'F2']);
    await Promise.all([awaitsFirstLook(empty, asked), awaitsFirstLook(empty, asked)]);
    await Promise.all([look(empty, 'one'), look(empty, 'two')]);
    expect(await ids()).toEqual(['F1', 'F2']);
    const reads = target.sandbox?.requests.list.filter(
      ({ operation, key }) => operation === 'GetObject' && key.endsWith('.gz'),
    );
    expect(reads?.length).toBeLessThanOrEqual(2);
  });

  it('on a large vault is refused, with the sentence that names npm run rebuild; the rebuild then works', async () => {
    await fill(['F1']);
    const folder = `${target.bucket.prefix}/.ria-vault/journal/${TEAM}/another`;
    const Body = Buffer.alloc(4_100_000);
    const { client, name: Bucket } = target.bucket;
    await client.send(new PutObjectCommand({ Bucket, Key: `${folder}/000000000001.ndjson.gz`, Body }));
    await awaitsFirstLook(empty, asked);
    await expect(look()).rejects.toMatchObject({
      code: 'catalog_empty',
      message: expect.stringMatching(/npm run rebuild.*VAULT_NEW_CATALOG=1/),
    });
    expect(await standing()).toMatchObject({ rebuilding: STANDING.unlooked, leaseOwner: null });
    await rebuild({ catalog: empty, bucket: target.bucket, teamId: TEAM, onProgress: () => {}, now });
    expect(await ids()).toEqual(['F1']);
    expect(await awaitsFirstLook(empty, asked)).toBe(false);
    expect(await recall<Rebuilt>(empty, 'rebuilt')).toMatchObject({ byItself: false });
  });

  it('stays empty if its holder insists, also when a rebuild was half done', async () => {
    await fill(['F1']);
    await awaitsFirstLook(empty, asked);
    await beginRebuild(empty, STANDING.byItself);
    await recordShares(empty, TEAM, [found('F7', 'C1', T0)], T0);
    expect(await awaitsFirstLook(empty, { insist: true })).toBe(false);
    expect(await ids()).toEqual([]);
    await recordShares(empty, TEAM, [found('F8', 'C1', T0)], T0);
    expect(await awaitsFirstLook(empty, asked)).toBe(false);
    expect(await ids()).toEqual(['F8']);
  });

  it('does not take the vault of another workspace in the bucket for its own', async () => {
    const { client, name: Bucket, prefix } = target.bucket;
    await client.send(
      new PutObjectCommand({ Bucket, Key: `${prefix}/T0OTHER/C1/2026/01/01/F1/a.txt`, Body: 'a' }),
    );
    await awaitsFirstLook(empty, asked);
    await look();
    expect(await standing()).toMatchObject({ rebuilding: STANDING.whole });
    expect(await ids()).toEqual([]);
  });
});
