import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { openScratch } from '../../src/catalog/db/scratch.ts';
import { claimDueFiles, commitStored } from '../../src/catalog/files/capture.ts';
import { upsertChannel } from '../../src/catalog/files/channels.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { trashFile } from '../../src/catalog/files/trash.ts';
import { setHold } from '../../src/catalog/governance/holds.ts';
import { claimWorkspace } from '../../src/catalog/governance/workspace.ts';
import { wantScan } from '../../src/catalog/scan/rows.ts';
import { type DrillOptions, drill } from '../../src/drill/drill.ts';
import { tellJournal } from '../../src/jobs/journal.ts';
import { segmentStore } from '../../src/journal/store.ts';
import { createLog } from '../../src/log.ts';
import { objectKey } from '../../src/storage/key.ts';
import { encodeMetadata } from '../../src/storage/metadata.ts';
import { putObject } from '../../src/storage/put.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import type { Target } from '../storage/target.ts';

const quiet = createLog('error', { write: () => {} });

/** A vault without a bot: files in a bucket, rows in a catalog, and a journal that is written when asked. */
export interface SmallVault {
  catalog: Catalog;
  target: Target;
  /** Captures a file as the bot would; its bytes are ten times its id. Returns its key. */
  store(fileId: string): Promise<string>;
  /** Writes one segment of all that is new. */
  journal(): Promise<void>;
  /** The keys of the journal's segments. */
  segments(): Promise<string[]>;
  remove(key: string): Promise<void>;
  /** Writes other bytes under a key, with the metadata that it had unless others are given. */
  overwrite(key: string, body: Buffer | string, metadata?: Record<string, string>): Promise<void>;
  bytesAt(key: string): Promise<Buffer>;
  copy(from: string, to: string): Promise<void>;
  drill(options?: Partial<DrillOptions>): ReturnType<typeof drill>;
}

export function smallVault(catalog: Catalog, target: Target): SmallVault {
  const { bucket } = target;
  const at = (Key: string) => ({ Bucket: bucket.name, Key });
  return {
    catalog,
    target,
    async store(fileId) {
      const ref = { teamId: TEAM, fileId };
      const body = Buffer.from(fileId.repeat(10));
      await recordShares(catalog, TEAM, [found(fileId, 'C1', T0, { ...ref, size: body.length })], T0);
      await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1, now: T0 });
      const row = await fileById(catalog, ref);
      if (!row) throw new Error('it was not recorded');
      const key = objectKey({ ...row, prefix: bucket.prefix });
      const object = await putObject(bucket, {
        ...{ key, body, length: body.length, contentType: 'text/plain' },
        metadata: encodeMetadata({ ...row, sha256: null }),
      });
      await commitStored(catalog, { ref, owner: 'w', object, confirm: 'off', now: T0 });
      return key;
    },
    async journal() {
      const store = segmentStore(bucket, TEAM);
      const job = tellJournal({ catalog, store, owner: 'w', everyMs: 1e9, log: quiet, now: Date.now });
      await job.finish(10_000);
    },
    segments: async () => (await target.keys()).filter((key) => key.includes('.ria-vault/journal')).sort(),
    remove: async (key) => void (await bucket.client.send(new DeleteObjectCommand(at(key)))),
    async overwrite(key, body, metadata) {
      const { Metadata } = await bucket.client.send(new GetObjectCommand(at(key)));
      const put = { ...at(key), Body: body, Metadata: metadata ?? Metadata };
      await bucket.client.send(new PutObjectCommand(put));
    },
    async bytesAt(key) {
      const { Body } = await bucket.client.send(new GetObjectCommand(at(key)));
      return Buffer.from(
        await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray(),
      );
    },
    async copy(from, to) {
      const CopySource = `${bucket.name}/${from}`;
      await bucket.client.send(new CopyObjectCommand({ ...at(to), CopySource }));
    },
    drill: (options = {}) =>
      drill({
        ...{ live: catalog, bucket, teamId: TEAM, openScratch, budget: null, everyDays: 7, alone: false },
        ...{
          place: { after: '', begunAt: null, roundAt: null },
          restMs: 1,
          onProgress: () => {},
          now: Date.now,
        },
        ...options,
      }),
  };
}

/** A vault with some of everything that a rebuild brings back, told in several segments. */
export async function filled(vault: SmallVault): Promise<string[]> {
  const { catalog } = vault;
  await claimWorkspace(catalog, TEAM);
  const keys = [await vault.store('F1'), await vault.store('F2')];
  const channel = { teamId: TEAM, channelId: 'C1', name: 'general', kind: 'public', checkedAt: 1 } as const;
  await upsertChannel(catalog, channel);
  await vault.journal();
  const scope = { personId: 'U1', channelId: null, fileId: null, sharedFrom: null, sharedUntil: null };
  await setHold(catalog, { teamId: TEAM, scope, reason: 'a case', actorId: 'U1', now: T0 });
  keys.push(await vault.store('F3'));
  await vault.journal();
  keys.push(await vault.store('F4'));
  const ref = { teamId: TEAM, fileId: 'F5' };
  keys.push(await vault.store('F5'));
  await trashFile(catalog, { ref, actorId: 'U1', channelId: 'C1', purgeAt: T0 + 1e12, now: T0 });
  const scanned = { teamId: TEAM, fileId: 'F1', version: 1, sha256: '0'.repeat(64) };
  await wantScan(catalog, scanned, { storedAt: T0, now: T0 });
  await vault.journal();
  return keys;
}
