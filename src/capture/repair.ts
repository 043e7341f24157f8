import type { Finding } from '../catalog/alerts/findings.ts';
import { captureAgain, keyedFile, knowsTeam } from '../catalog/alerts/verify.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { commitStored, fillIn } from '../catalog/files/capture.ts';
import { addFoundVersion, markVersionLost } from '../catalog/files/found-versions.ts';
import { fileById } from '../catalog/files/lookup.ts';
import { recordShares } from '../catalog/files/shares.ts';
import type { FileRef, SharedFile, StoredObject } from '../catalog/model.ts';
import { errorCode } from '../errors.ts';
import { mailOf } from '../file-kinds.ts';
import { cutOffAt, findObject, headObject } from '../storage/adopt.ts';
import type { Bucket } from '../storage/bucket.ts';
import { storageError } from '../storage/errors.ts';
import { setAside } from '../storage/inventory.ts';
import { abortUpload } from '../storage/leftovers.ts';
import { decodeMetadata, type ObjectDescription } from '../storage/metadata.ts';
import { whyUnreadable } from '../storage/unreadable.ts';

/** What became of a finding. */
export type Repair = 'captured_again' | 'adopted' | 'aborted' | 'reported';

export interface Repaired {
  outcome: Repair;
  /** Why nothing could be done, or where a damaged object went; may be empty. */
  note: string;
  /** For an object that was cut off and not taken: how much of it is there. */
  cutOff?: string;
  /** An object that cannot be read now, and why. Nobody knows what it is. */
  unread?: string;
}

export interface RepairOptions {
  catalog: Catalog;
  bucket: Bucket;
  /** Objects of this workspace are adopted even if the catalog has no file of it yet. */
  teamId?: string | undefined;
  now(): number;
}

/** No worker takes a new row for this long. By then its object has been adopted. */
const ADOPTING_MS = 10 * 60_000;

const nothing = (note: string): Repaired => ({ outcome: 'reported', note });

/**
 * Repairs one finding as far as that loses nothing. A missing or damaged file is captured again from Slack; a damaged
 * object is set aside, not deleted. An object that says which file it is gets its row. Forgotten parts are aborted.
 * Everything else is left for a person. Throws `StorageError` and `CatalogError`.
 */
export async function repair(options: RepairOptions, finding: Finding): Promise<Repaired> {
  const { catalog, bucket, now } = options;
  switch (finding.kind) {
    case 'missing':
    case 'no_key':
    case 'wrong_size':
    case 'wrong_bytes':
      return finding.version === undefined
        ? captureFrom(catalog, bucket, finding, now())
        : giveUpVersion(catalog, bucket, { ...finding, version: finding.version }, now());
    case 'unreadable':
      return nothing(
        'nothing is wrong with it as far as the bucket shows: let it be read, and compare again',
      );
    case 'unknown':
      return adopt(options, finding).catch((error: unknown) => {
        const unread = whyUnreadable(error, bucket.place);
        if (unread === null) throw error;
        return { outcome: 'reported', note: unread, unread };
      });
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
  const moved = damaged && key !== null ? await moveAside(bucket, key, `${fileId}-${now}`) : { to: null };
  if ('stays' in moved) return nothing(moved.stays);
  const aside = moved.to;
  const found = { kind, ...(detail && { detail }), ...(aside && { aside }) };
  if (!(await captureAgain(catalog, ref, { key, found, now }))) return nothing('it has changed meanwhile');
  return { outcome: 'captured_again', note: aside === null ? '' : `the damaged object is now ${aside}` };
}

/** What keeps an object where it is, until a person changes something or a time is over. */
const KEEPS: ReadonlySet<string> = new Set([
  ...['bucket_forbidden', 'bucket_kms', 'object_archived', 'object_retained'],
]);

/** Where a damaged object went, or why it stays. One that stays must not end the comparison of all others. */
async function moveAside(
  bucket: Bucket,
  key: string,
  name: string,
): Promise<{ to: string } | { stays: string }> {
  try {
    return { to: await setAside(bucket, key, name) };
  } catch (error) {
    if (!KEEPS.has(errorCode(error))) throw error;
    return { stays: `it cannot be moved out of the way: ${(error as Error).message}` };
  }
}

/** Slack has only the newest version of a file. So an older one is recorded as lost; a damaged object is set aside. */
async function giveUpVersion(
  catalog: Catalog,
  bucket: Bucket,
  { kind, key, teamId, fileId, detail, version: number }: Finding & { version: number },
  now: number,
): Promise<Repaired> {
  if (teamId === null || fileId === null) return nothing('');
  const damaged = kind === 'wrong_size' || kind === 'wrong_bytes';
  const moved =
    damaged && key !== null ? await moveAside(bucket, key, `${fileId}-v${number}-${now}`) : { to: null };
  if ('stays' in moved) return nothing(moved.stays);
  const aside = moved.to;
  const found = { kind, ...(detail && { detail }), ...(aside && { aside }) };
  if (!(await markVersionLost(catalog, { ref: { teamId, fileId }, number, key, found, now })))
    return nothing('it has changed meanwhile');
  const where = aside === null ? '' : `; the damaged object is now ${aside}`;
  return nothing(
    `it was version ${number}, which Slack does not have any more: written down as lost${where}`,
  );
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
  const file = await fileById(catalog, { teamId, fileId });
  const waits = file?.state === 'pending' || file?.state === 'failed' || file?.state === 'skipped';
  const hasObject = file?.state === 'stored' || file?.state === 'trashed';
  if (file !== undefined && !waits && !hasObject) return nothing('its file is being captured, or was purged');

  const { version = 1 } = described;
  if (hasObject && file.version === version) return nothing('its file has another object');
  if (waits && version < file.version)
    return nothing('it is an older version of a file that is being captured again');
  const cutOff = cutOffAt(head);
  if (cutOff !== null) return refuseCutOff(options, described, { cutOff, isUnknown: file === undefined });
  const metadata = { team: teamId, file: fileId, version: String(version) };
  const length = head.ContentLength ?? null;
  const sha256 = described.sha256 ?? undefined;
  const object = await findObject(bucket, { key, metadata, length, sha256 });
  if (object === null) return nothing('it is gone again');
  const storedAt = head.LastModified?.getTime() ?? now;
  if (hasObject) return adoptVersion(options, described, { number: version, object, storedAt });
  if (file === undefined) await recordDescribed(catalog, described, object.bytes, now);
  const stored = await commitStored(catalog, {
    ref: { teamId, fileId },
    owner: 'verify',
    object,
    confirm: 'off',
    version,
    storedAt,
    now,
  });
  return stored ? { outcome: 'adopted', note: '' } : nothing('its file has been stored meanwhile');
}

/**
 * An object that was cut off is no file. One that the catalog does not have is written down, so that the bot captures it
 * from Slack; the bot captures a file that waits in any case.
 */
async function refuseCutOff(
  { catalog, now }: RepairOptions,
  described: ObjectDescription,
  { cutOff, isUnknown }: { cutOff: string; isUnknown: boolean },
): Promise<Repaired> {
  const why = `its object was cut off, ${cutOff}`;
  if (!isUnknown || (described.version ?? 1) > 1) return { ...nothing(why), cutOff };
  await recordDescribed(catalog, described, described.length ?? 0, now());
  return { outcome: 'captured_again', note: why, cutOff };
}

/** The file has an object already. This one may be another version of the file. */
async function adoptVersion(
  { catalog, now }: RepairOptions,
  described: ObjectDescription,
  found: { number: number; object: StoredObject; storedAt: number },
): Promise<Repaired> {
  const ref: FileRef = described;
  const outcome = await addFoundVersion(catalog, { ref, ...found, now: now() });
  if (outcome === 'known') return nothing('its file has another object');
  if (outcome === 'newest')
    await fillIn(catalog, sharedFileOf(described, found.object.bytes), found.storedAt);
  return { outcome: 'adopted', note: `version ${found.number} of a known file` };
}

/** A file, as far as the metadata of its object describes it. */
function sharedFileOf(object: ObjectDescription, size: number): SharedFile {
  const { teamId, fileId, name, title, mimetype, uploaderId, sharedAt, mode = null, transcode } = object;
  const unknown = { filetype: null, url: null, externalUrl: null, permalink: null };
  const file = { ...unknown, teamId, fileId, parentId: mailOf({ fileId }), name, title, mimetype, mode };
  const facts = transcode ? { facts: { transcode } } : {};
  return { ...file, uploaderId, size, createdAt: sharedAt, complete: false, ...facts };
}

async function recordDescribed(
  catalog: Catalog,
  object: ObjectDescription,
  size: number,
  now: number,
): Promise<void> {
  const { teamId, uploaderId, channelId, messageTs, sharedAt } = object;
  const file = sharedFileOf(object, size);
  const share = { channelId, channelKind: null, ts: messageTs, threadTs: null, userId: uploaderId, sharedAt };
  await recordShares(catalog, teamId, [{ file, share, dueAt: now + ADOPTING_MS }], now);
}
