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
import { errorCode, waitAskedFor } from '../errors.ts';
import { canBeFetched } from '../file-kinds.ts';
import type { Log } from '../log.ts';
import { backOff } from './back-off.ts';
import type { FileInfo } from './capture.ts';
import { isRefused } from './download-errors.ts';
import { keepLease } from './lease.ts';
import { type KeepPolicy, policiesFor } from './receive.ts';
import type { Refusal } from './refusal.ts';

/** Which versions of a file are kept: each, the newest, or the one that was there first. */
export type VersionPolicy = 'all' | 'latest' | 'first';

export interface RecaptureOptions {
  catalog: Catalog;
  owner: string;
  leaseMs: number;
  policy: KeepPolicy & { versions: VersionPolicy };
  confirm: ConfirmMode;
  /** Asks Slack about a file; `{ skip }` alone when Slack says that there is nothing to be had. */
  fileInfo(file: FileRow): Promise<FileInfo | Refusal>;
  /**
   * Copies the bytes into the bucket as version `number`, unless they are what is stored: then null.
   * `attempts` counts this one: after an earlier one, what that may have left is taken over. `onHashed` is told what
   * Slack sends now.
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
  /** Removes an object that no row tells of. */
  remove(key: string): Promise<void>;
  /** Where an attempt that died may have left a version of this file. */
  nextVersionKeys(file: FileRow, number: number): string[];
  log: Log;
  now(): number;
}

export type RecaptureOutcome = 'version' | 'same' | 'looked' | 'waits' | 'gone' | 'failed' | 'handed_back';

/** The file's first capture is looked for again after so long, in ms. */
const FIRST_CAPTURE_MS = 60_000;
/** A purge that was to come by now is over after so long, in ms. */
const PURGE_MS = 10 * 60_000;
/** So often Slack may say that it does not show a file before that is believed. */
const PATIENT_TRIES = 4;

/**
 * Looks at a file that Slack said was changed: takes over its name and title, and where its bytes may be others, and
 * are, stores them as a later version. Whatever goes wrong leaves the row due, and the stored versions as they are; it
 * throws only when the catalog itself cannot be written.
 */
export async function recapture(
  options: RecaptureOptions,
  change: FileChange,
  stop: AbortSignal,
): Promise<RecaptureOutcome> {
  const { catalog, owner, log, now } = options;
  const lease = keepLease(options, change.fileId, (until) =>
    renewChange(options.catalog, change, options.owner, until),
  );
  try {
    return await lookAt(options, change, AbortSignal.any([stop, lease.lost]));
  } catch (error) {
    if (stop.aborted) {
      await deferChange(catalog, change, owner, 0);
      return 'handed_back';
    }
    const code = errorCode(error);
    const retryAt = now() + Math.max(backOff(change.attempts), waitAskedFor(error));
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
  await fillIn(catalog, info.file, now());
  const file = (await fileById(catalog, change)) as FileRow;
  const { updatedAt = null } = info.file;
  const done = async (outcome: RecaptureOutcome) => {
    await markUpToDate(catalog, change, updatedAt);
    await changeAnswered(catalog, change, owner, { lookedAt, quietMs: policy.versionQuietMs });
    return outcome;
  };
  // What it says of the edit is no word of what is stored: once Slack gives it again, that edit is still to be got.
  if (info.skip !== undefined) return refused(options, change);
  if (!isEdited(file)) return done('looked');
  // Whether any channel that it was shared in still takes such a file.
  const limits = await policiesFor(catalog, file, policy);
  if (limits.unwanted(file) !== undefined) return done('looked');
  // With `first`, that is the first with anything in it.
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
    // Too large for its channels by now: what is stored stays the newest.
    if (code !== 'too_large') return refused(options, change, error);
    options.log.warn({ code, file: file.fileId }, 'a later version is larger than allowed, and is not kept');
    return done('looked');
  }
  if (object === null) return done('same');
  const isWhatSlackHas = hash === object.sha256;
  return commit(options, change, { file, number, object, lookedAt, updatedAt, isWhatSlackHas });
}

/** Before it is stored there is nothing to compare with; what is not the vault's to keep is forgotten. */
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
    // Its purge may be under way, and have passed by what an attempt left that died.
    await deferChange(catalog, change, owner, now() + PURGE_MS);
    return 'waits';
  }
  await forgetChange(catalog, change, owner);
  return 'gone';
}

/** What an attempt left that died before a purge, which did not know of it. */
async function removeLeftovers(options: RecaptureOptions, file: FileRow): Promise<void> {
  const number = await nextNumber(options.catalog, file);
  for (const key of options.nextVersionKeys(file, number)) await options.remove(key);
}

/**
 * Slack does not show the file, or not give it, which may pass. After some tries that is believed: the stored versions
 * stay, and once Slack lists the edit again, it is looked at again.
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
    // It was changed back while it was fetched once more, now or by an attempt that died. What Slack has now is not known.
    await options.remove(object.key);
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
    // What an earlier attempt left may be older than what Slack has now.
    again: o.isWhatSlackHas ? undefined : now(),
    now: now(),
  });
  if (outcome === 'stored') {
    log.info({ file: file.fileId, version: o.number, bytes: object.bytes }, 'stored a later version');
    return 'version';
  }
  // Another process may be about to take the object over, unless this one still has the row.
  const ours = await renewChange(catalog, change, owner, now() + options.leaseMs);
  if (ours && (await filesAtKey(catalog, object.key)).length === 0) await options.remove(object.key);
  if (ours) await deferChange(catalog, change, owner, now());
  return 'waits';
}
