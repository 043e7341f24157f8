import { setTimeout as sleep } from 'node:timers/promises';
import { backOff } from '../capture/back-off.ts';
import { copyFile } from '../capture/copy.ts';
import { keepLease } from '../capture/lease.ts';
import type { Source } from '../capture/other-bodies.ts';
import { type AskOutside, isOfOutsider } from '../capture/outsider.ts';
import { policiesFor } from '../capture/receive.ts';
import { commitStored, releaseFile, renewLease, skipFile } from '../catalog/files/capture.ts';
import { takeToImport } from '../catalog/files/imported.ts';
import { fileById, sharesOf } from '../catalog/files/lookup.ts';
import type { FileRow, SkipReason } from '../catalog/model.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Bucket } from '../storage/bucket.ts';
import { StorageError } from '../storage/errors.ts';
import type { Archive } from './archive.ts';
import { bytesInArchive, isLinkRefused, openByLink, type WrongBytes } from './bytes.ts';
import { isToBeHad, type Recorded, type RecordOptions } from './record.ts';

/** What became of a file's bytes. */
export type Stored =
  | { what: 'stored'; bytes: number; from: 'archive' | 'link' }
  | { what: 'already' } // the vault had it
  | { what: 'busy'; until: number } // another process has it, at most until then (ms)
  | { what: 'waits'; wrong?: Wrong } // for a running bot, which asks Slack with its own token
  | { what: 'not_had'; reason: SkipReason; wrong?: Wrong };

/** Why the archive's bytes were not taken, if it has any. */
type Wrong = WrongBytes | 'damaged';

export interface StoreOptions extends RecordOptions, AskOutside {
  archive: Archive;
  bucket: Bucket;
  /** The name under which this import holds leases. */
  owner: string;
  log: Log;
}

const LEASE_MS = 120_000;
/** With the waits in between, about a minute. A bucket that is away longer ends the import; it goes on where it was. */
const TRIES = 6;

export const HAD: readonly string[] = ['stored', 'trashed', 'purged'];

/** What becomes of a file for which there is nothing to do. */
export function withoutWork(recorded: Recorded): Stored | undefined {
  if (HAD.includes(recorded.state)) return { what: 'already' };
  // What only the bot's token may open is left to a running bot, without a word about it to the catalog.
  return recorded.state === 'pending' && !isToBeHad(recorded) ? { what: 'waits' } : undefined;
}

/**
 * Stores the bytes of a file that was written down: from the archive, else by the link in it, else a running bot fetches them. Throws
 * `StorageError` when the bucket does not take anything.
 */
export async function storeFile(
  options: StoreOptions,
  recorded: Recorded,
  stop: AbortSignal,
): Promise<Stored> {
  const { catalog, teamId, owner, now } = options;
  const ref = { teamId, fileId: recorded.fileId };
  if (!isToBeHad(recorded)) return standing(options, recorded);
  const file = await takeToImport(catalog, ref, { owner, leaseMs: LEASE_MS, now: now() });
  if (file === undefined) return standing(options, recorded);
  const lease = keepLease({ leaseMs: LEASE_MS, log: options.log, now }, { file: file.fileId }, (until) =>
    renewLease(catalog, ref, owner, until),
  );
  try {
    return await attempt(options, recorded, file, AbortSignal.any([stop, lease.lost]));
  } catch (error) {
    // The row is another process's now: that one stores the file, or this import comes back for it.
    if (lease.lost.aborted && !stop.aborted) return standing(options, recorded);
    await releaseFile(catalog, ref, owner);
    throw error;
  } finally {
    lease.end();
  }
}

/** Of a file that this import may not take: the vault has it, a rule leaves it out, or the bot works on it. */
async function standing({ catalog, teamId, now }: StoreOptions, recorded: Recorded): Promise<Stored> {
  const file = await fileById(catalog, { teamId, fileId: recorded.fileId });
  if (file === undefined || HAD.includes(file.state)) return { what: 'already' };
  if (file.state === 'storing') return { what: 'busy', until: file.dueAt ?? now() };
  const reason = file.reason ?? recorded.reason;
  return reason === null ? { what: 'waits' } : { what: 'not_had', reason };
}

async function attempt(
  options: StoreOptions,
  recorded: Recorded,
  file: FileRow,
  signal: AbortSignal,
): Promise<Stored> {
  const { catalog, archive, index, owner, policy, now } = options;
  const limits = await policiesFor(catalog, file, policy);
  const left = limits.unwanted(file);
  if (left !== undefined) return giveUp(options, file, left);
  const outside = await isOfOutsider({ isOutside: byArchive, ...options }, file, limits);
  if (outside && limits.external === 'record' && file.storedAt === null)
    return giveUp(options, file, 'other_org');
  let wrong: Wrong | undefined;
  for (const way of ['archive', 'link'] as const) {
    const open = way === 'archive' ? await fromArchive() : fromLink();
    if (open === undefined) continue;
    try {
      const copied = await copy(options, file, open, limits.maxFileBytes, signal);
      const object = outside ? { ...copied, facts: { ...copied.facts, outside } } : copied;
      const done = await commitStored(catalog, { ref: file, owner, object, confirm: 'off', now: now() });
      return done ? { what: 'stored', bytes: object.bytes, from: way } : { what: 'already' };
    } catch (error) {
      if (signal.aborted || error instanceof StorageError) throw error;
      if (errorCode(error) === 'too_large') return giveUp(options, file, 'too_large');
      if (way === 'archive') wrong = 'damaged';
      else if (!isLinkRefused(error))
        options.log.warn({ code: errorCode(error), file: file.fileId }, 'a link failed');
    }
  }
  const { reason } = recorded;
  const why = wrong === undefined ? {} : { wrong };
  if (reason !== null) return { ...(await giveUp(options, file, reason)), ...why };
  await releaseFile(catalog, file, owner);
  return { what: 'waits', ...why };

  async function fromArchive(): Promise<(() => Promise<Source>) | undefined> {
    const { path } = recorded;
    const found = await bytesInArchive(archive, index, file, { path, signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      options.log.warn({ code: errorCode(error), file: file.fileId }, 'cannot read a file in the archive');
      return { wrong: 'damaged' as const };
    });
    if (found === undefined) return undefined;
    if ('open' in found) return found.open;
    wrong = found.wrong;
    return undefined;
  }

  function fromLink(): (() => Promise<Source>) | undefined {
    const { link } = recorded;
    if (link === null) return undefined;
    const { allowedHosts } = options;
    return () => openByLink(link, file, { allowedHosts, maxBytes: limits.maxFileBytes, signal });
  }
}

/** Without somebody to ask, what the archive says counts: the workspace of who shared it. */
export const byArchive = async (_: string, told: boolean) => told;

async function giveUp(
  { catalog, owner, now }: StoreOptions,
  ref: FileRow,
  reason: SkipReason,
): Promise<Stored> {
  await skipFile(catalog, { ref, owner, reason, confirm: 'off', now: now() });
  return { what: 'not_had', reason };
}

/** Copies the bytes, again and again while the bucket is away for a moment. */
async function copy(
  { catalog, bucket, allowedHosts }: StoreOptions,
  file: FileRow,
  openBytes: () => Promise<Source>,
  maxBytes: number,
  signal: AbortSignal,
) {
  for (let tries = 1; ; tries++) {
    try {
      const again = { ...file, attempts: file.attempts + tries - 1 };
      const places = () => sharesOf(catalog, file);
      const request = { bucket, file: again, token: null, allowedHosts, maxBytes, openBytes, places, signal };
      return await copyFile(request);
    } catch (error) {
      if (!(error instanceof StorageError) || tries === TRIES || signal.aborted) throw error;
      await sleep(backOff(tries), undefined, { signal });
    }
  }
}
