import { commitStored } from '../catalog/capture.ts';
import type { Catalog } from '../catalog/open.ts';
import { recordShares } from '../catalog/shares.ts';
import type { Finding } from '../catalog/watch/findings.ts';
import { captureAgain, keyedFile, knowsTeam } from '../catalog/watch/verify.ts';
import { findObject, headObject } from '../storage/adopt.ts';
import type { Bucket } from '../storage/bucket.ts';
import { storageError } from '../storage/errors.ts';
import { setAside } from '../storage/inventory.ts';
import { abortUpload } from '../storage/leftovers.ts';
import { decodeMetadata, type ObjectDescription } from '../storage/metadata.ts';

/** What became of a finding. */
export type Repair = 'captured_again' | 'adopted' | 'aborted' | 'reported';

export interface Repaired {
  outcome: Repair;
  /** Why nothing could be done, or where a damaged object went; may be empty. */
  note: string;
}

export interface RepairOptions {
  catalog: Catalog;
  bucket: Bucket;
  /** A workspace whose objects are adopted though the catalog has no file of it yet. */
  teamId?: string | undefined;
  now(): number;
}

/** A new row belongs to no worker until its object is adopted, which takes a moment. */
const ADOPTING_MS = 10 * 60_000;

const nothing = (note: string): Repaired => ({ outcome: 'reported', note });

/**
 * Mends one finding as far as that can be done without losing anything: what is missing or damaged is captured again
 * from Slack (a damaged object is set aside, not deleted), an object that says which file it is gets its row,
 * forgotten parts are aborted. Everything else is left for a person. Throws `StorageError` and `CatalogError`.
 */
export async function repair(options: RepairOptions, finding: Finding): Promise<Repaired> {
  const { catalog, bucket, now } = options;
  switch (finding.kind) {
    case 'missing':
    case 'no_key':
    case 'wrong_size':
    case 'wrong_bytes':
      return captureFrom(catalog, bucket, finding, now());
    case 'unknown':
      return adopt(options, finding);
    case 'unfinished_upload':
      await abortUpload(bucket, finding.key as string, finding.uploadId as string).catch((error) => {
        throw storageError(error, bucket.place);
      });
      return { outcome: 'aborted', note: '' };
    case 'unpurged':
      return nothing('removed for good in the catalog, so it is left to you to delete');
    case 'overdue_trash':
      return nothing('the bot removes it when it next can');
  }
}

async function captureFrom(
  catalog: Catalog,
  bucket: Bucket,
  { kind, key, teamId, fileId, detail }: Finding,
  now: number,
): Promise<Repaired> {
  if (teamId === null || fileId === null) return nothing('');
  const ref = { teamId, fileId };
  const file = await keyedFile(catalog, ref);
  if (file?.state !== 'stored') return nothing('it is in the trash');
  if (file.slackDeletedAt !== null)
    return nothing('Slack has deleted its copy, so it cannot be captured again');
  const damaged = kind === 'wrong_size' || kind === 'wrong_bytes';
  const aside = damaged && key !== null ? await setAside(bucket, key, `${fileId}-${now}`) : null;
  const found = { kind, ...(detail && { detail }), ...(aside && { aside }) };
  if (!(await captureAgain(catalog, ref, { key, found, now }))) return nothing('it has changed meanwhile');
  return { outcome: 'captured_again', note: aside === null ? '' : `the damaged object is now ${aside}` };
}

async function adopt(options: RepairOptions, { key }: Finding): Promise<Repaired> {
  const { catalog, bucket } = options;
  const now = options.now();
  if (key === null) return nothing('');
  const head = await headObject(bucket, key).catch((error) => {
    throw storageError(error, bucket.place);
  });
  const described = decodeMetadata(head?.Metadata ?? {});
  if (head === null || described === null) return nothing('it does not say which file it is');
  const { teamId, fileId } = described;
  const isOurs = teamId === options.teamId || (await knowsTeam(catalog, teamId));
  if (!isOurs) return nothing(`it is of another workspace, ${teamId}`);
  const file = await keyedFile(catalog, { teamId, fileId });
  const waits = file?.state === 'pending' || file?.state === 'failed' || file?.state === 'skipped';
  if (file !== undefined && !waits) return nothing('its file has another object, or is being captured');

  const metadata = { team: teamId, file: fileId };
  const length = head.ContentLength ?? null;
  const sha256 = described.sha256 ?? undefined;
  const object = await findObject(bucket, { key, metadata, length, sha256 });
  if (object === null) return nothing('it is gone again');
  if (file === undefined) await recordDescribed(catalog, described, object.bytes, now);
  const stored = await commitStored(catalog, {
    ref: { teamId, fileId },
    owner: 'verify',
    object,
    confirm: 'off',
    now,
  });
  return stored ? { outcome: 'adopted', note: '' } : nothing('its file has been stored meanwhile');
}

async function recordDescribed(
  catalog: Catalog,
  object: ObjectDescription,
  size: number,
  now: number,
): Promise<void> {
  const { teamId, fileId, name, title, mimetype, uploaderId, channelId, messageTs, sharedAt } = object;
  const unknown = { filetype: null, mode: null, url: null, externalUrl: null, permalink: null };
  const file = { ...unknown, teamId, fileId, name, title, mimetype, uploaderId, size };
  const share = { channelId, channelKind: null, ts: messageTs, threadTs: null, userId: uploaderId, sharedAt };
  await recordShares(
    catalog,
    teamId,
    [{ file: { ...file, createdAt: sharedAt, complete: false }, share, dueAt: now + ADOPTING_MS }],
    now,
  );
}
