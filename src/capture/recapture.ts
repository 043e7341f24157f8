import { filesAtKey } from '../catalog/alerts/verify.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { fillIn } from '../catalog/files/capture.ts';
import {
  changeAnswered,
  deferChange,
  type FileChange,
  forgetChange,
  markUpToDate,
  renewChange,
} from '../catalog/files/changes.ts';
import { isEdited } from '../catalog/files/edited.ts';
import { fileById } from '../catalog/files/lookup.ts';
import { commitVersion, nextNumber } from '../catalog/files/versions.ts';
import type { ConfirmMode, FileRow, StoredObject } from '../catalog/model.ts';
import { errorCode } from '../errors.ts';
import { canBeFetched } from '../file-kinds.ts';
import type { Log } from '../log.ts';
import { backOff, waitAfter } from './back-off.ts';
import type { FileInfo } from './capture.ts';
import { isRefused } from './download-errors.ts';
import { keepLease } from './lease.ts';
import type { RemoveFile } from './purge.ts';
import { type KeepPolicy, policiesFor } from './receive.ts';
import type { Refusal } from './refusal.ts';
import { withoutOwnWords } from './words.ts';

/** Which versions of a file are kept: all, the newest, or the first. */
export type VersionPolicy = 'all' | 'latest' | 'first';

export interface RecaptureOptions {
  catalog: Catalog;
  owner: string;
  leaseMs: number;
  policy: KeepPolicy & { versions: VersionPolicy };
  confirm: ConfirmMode;
  /** Asks Slack about a file. Returns a refusal when Slack says that the vault cannot have it. */
  fileInfo(file: FileRow): Promise<FileInfo | Refusal>;
  /**
   * Copies the bytes into the bucket as version `number`. Null when the same bytes are stored already.
   * `attempts` includes this attempt. A later attempt takes over what an earlier one left. `onHashed` gets the hash of
   * what Slack sends now.
   */
  copy(
    file: FileRow,
    o: {
      number: number;
      attempts: number;
      maxBytes: number;
      onHashed(sha256: string): void;
      signal: AbortSignal;
    },
  ): Promise<StoredObject | null>;
  /** Removes an object that no row names. */
  remove: RemoveFile;
  /** Keys where an attempt that died may have left a version of this file. */
  nextVersionKeys(file: FileRow, number: number): string[];
  log: Log;
  now(): number;
}

export type RecaptureOutcome = 'version' | 'same' | 'looked' | 'waits' | 'gone' | 'failed' | 'handed_back';

/** Wait before the next look whether the file's first capture is done, in ms. */
const FIRST_CAPTURE_MS = 60_000;
/** A purge that is due now is over after this time, in ms. */
const PURGE_MS = 10 * 60_000;
/** Slack must refuse a file this many times before the refusal is believed. */
const PATIENT_TRIES = 4;

/**
 * Looks at a file that was changed, as Slack said. Takes over its name and title. If its bytes have changed, stores
 * them as a later version. After an error the row stays due and the stored versions stay as they are. Throws only when
 * the catalog itself cannot be written.
 */
export async function recapture(
  options: RecaptureOptions,
  change: FileChange,
  stop: AbortSignal,
): Promise<RecaptureOutcome> {
  const { catalog, owner, log, now } = options;
  const lease = keepLease(options, { file: change.fileId }, (until) =>
    renewChange(catalog, change, owner, until),
  );
  try {
    return await lookAt(options, change, AbortSignal.any([stop, lease.lost]));
  } catch (error) {
    if (stop.aborted) {
      await deferChange(catalog, change, owner, 0);
      return 'handed_back';
    }
    const code = errorCode(error);
    const retryAt = now() + waitAfter(error, change.attempts);
    const again = new Date(retryAt);
    log.warn(
      { code, file: change.fileId, retryAt: again, err: error },
      'a changed file could not be looked at',
    );
    await deferChange(catalog, change, owner, retryAt);
    return 'failed';
  } finally {
    lease.end();
  }
}

async function lookAt(
  options: RecaptureOptions,
  change: FileChange,
  signal: AbortSignal,
): Promise<RecaptureOutcome> {
  const { catalog, owner, now, policy } = options;
  const known = await fileById(catalog, change);
  if (known === undefined || known.state !== 'stored') return waitFor(options, change, known);
  const lookedAt = now();
  const info = await options.fileInfo(known);
  if (!('file' in info)) return refused(options, change);
  const limits = await policiesFor(catalog, known, policy);
  await fillIn(catalog, limits.words ? info.file : withoutOwnWords(info.file), lookedAt);
  const file = (await fileById(catalog, change)) as FileRow;
  const { updatedAt = null } = info.file;
  const done = async (outcome: RecaptureOutcome) => {
    await markUpToDate(catalog, change, updatedAt);
    await changeAnswered(catalog, change, owner, { lookedAt, quietMs: policy.versionQuietMs });
    return outcome;
  };
  // The edit is not marked as stored here: when Slack gives the file again, that edit must still be fetched.
  if (info.skip !== undefined) return refused(options, change);
  if (!isEdited(file)) return done('looked');
  // Does any channel where it was shared still take such a file?
  if (limits.unwanted(file) !== undefined) return done('looked');
  // With `first`, the first version that is not blank is kept.
  if (policy.versions === 'first' && file.facts.blank !== true) return done('looked');
  const url = info.file.complete ? info.file.url : null;
  if (!canBeFetched({ ...info.file, url })) {
    await deferChange(catalog, change, owner, now() + backOff(change.attempts));
    return 'waits';
  }

  let hash: string | undefined;
  const onHashed = (sha256: string) => {
    hash = sha256;
  };
  const number = await nextNumber(catalog, file);
  let object: StoredObject | null;
  try {
    object = await options.copy(file, {
      ...{ number, attempts: change.attempts, maxBytes: limits.maxFileBytes, onHashed, signal },
    });
  } catch (error) {
    if (signal.aborted || !isRefused(error)) throw error;
    const code = errorCode(error);
    // It is now too large for its channels. The stored version stays the newest.
    if (code !== 'too_large') return refused(options, change, error);
    options.log.warn({ code, file: file.fileId }, 'a later version is larger than allowed, and is not kept');
    return done('looked');
  }
  if (object === null) return done('same');
  const isWhatSlackHas = hash === object.sha256;
  return commit(options, change, { file, number, object, lookedAt, updatedAt, isWhatSlackHas });
}

/** The file is not stored. If it will be, the change waits: there is nothing to compare yet. Else it is forgotten. */
async function waitFor(
  options: RecaptureOptions,
  change: FileChange,
  file: FileRow | undefined,
): Promise<RecaptureOutcome> {
  const { catalog, owner, now } = options;
  const comes = file?.state === 'pending' || file?.state === 'storing' || file?.state === 'failed';
  if (comes) {
    await deferChange(catalog, change, owner, now() + FIRST_CAPTURE_MS);
    return 'waits';
  }
  if (file?.state === 'purged') await removeLeftovers(options, file);
  if (file?.state === 'trashed' && (file.purgeAt ?? 0) <= now()) {
    // The purge may be running and may miss an object that a dead attempt left.
    await deferChange(catalog, change, owner, now() + PURGE_MS);
    return 'waits';
  }
  await forgetChange(catalog, change, owner);
  return 'gone';
}

/** Removes what a dead attempt left. The purge did not know of it. */
async function removeLeftovers(options: RecaptureOptions, file: FileRow): Promise<void> {
  const number = await nextNumber(options.catalog, file);
  const { teamId, fileId } = file;
  for (const key of options.nextVersionKeys(file, number))
    await options.remove({ key, teamId, fileId, etag: null, versionId: null });
}

/**
 * Slack does not show or give the file. That may pass, so it is tried some more times. Then the change is forgotten.
 * The stored versions stay, and when Slack lists the edit again, the file is looked at again.
 */
async function refused(
  options: RecaptureOptions,
  change: FileChange,
  error?: unknown,
): Promise<RecaptureOutcome> {
  const { catalog, owner, now, log } = options;
  if (error !== undefined)
    log.warn({ code: errorCode(error), file: change.fileId }, 'Slack does not give a changed file');
  if (change.attempts < PATIENT_TRIES) {
    await deferChange(catalog, change, owner, now() + backOff(change.attempts));
    return 'waits';
  }
  await forgetChange(catalog, change, owner);
  return 'gone';
}

function asObject({ teamId, fileId }: FileRow, { key, etag, versionId }: StoredObject) {
  return { key, teamId, fileId, etag, versionId };
}

async function commit(
  options: RecaptureOptions,
  change: FileChange,
  o: {
    file: FileRow;
    number: number;
    object: StoredObject;
    lookedAt: number;
    updatedAt: number | null;
    isWhatSlackHas: boolean;
  },
): Promise<RecaptureOutcome> {
  const { catalog, owner, policy, confirm, now, log } = options;
  const { file, object, lookedAt } = o;
  if (object.sha256 === file.sha256) {
    // The file was changed back between two fetches, now or in a dead attempt. What Slack has now is not known.
    await options.remove(asObject(file, object));
    await changeAnswered(catalog, change, owner, { lookedAt, again: now() });
    return 'same';
  }
  const outcome = await commitVersion(catalog, {
    ref: file,
    after: file.version,
    number: o.number,
    change,
    owner,
    object,
    keep: policy.versions === 'latest' ? 'latest' : 'all',
    confirm,
    lookedAt,
    quietMs: policy.versionQuietMs,
    updatedAt: o.isWhatSlackHas ? o.updatedAt : null,
    // An object from an earlier attempt may be older than what Slack has now.
    again: o.isWhatSlackHas ? undefined : now(),
    now: now(),
  });
  if (outcome === 'stored') {
    log.info({ file: file.fileId, version: o.number, bytes: object.bytes }, 'stored a later version');
    return 'version';
  }
  // Only when this process still has the row can no other process take the object over.
  const ours = await renewChange(catalog, change, owner, now() + options.leaseMs);
  if (ours && (await filesAtKey(catalog, object.key)).length === 0)
    await options.remove(asObject(file, object));
  if (ours) await deferChange(catalog, change, owner, now());
  return 'waits';
}
