import {
  commitStored,
  deferFile,
  failAttempt,
  fillIn,
  releaseFile,
  renewLease,
  skipFile,
} from '../catalog/capture.ts';
import type { ConfirmMode, FileRow, Share, SharedFile, SkipReason, StoredObject } from '../catalog/model.ts';
import type { Catalog } from '../catalog/open.ts';
import { recordParts } from '../catalog/parts.ts';
import { recordShares } from '../catalog/shares.ts';
import { errorCode } from '../errors.ts';
import { kindOf } from '../file-kinds.ts';
import type { Log } from '../log.ts';
import { backOff } from './back-off.ts';
import { type KeepPolicy, policiesFor } from './receive.ts';

/** What Slack says of a file when asked: the file and where it was shared, or why it cannot be had. */
export interface FileInfo {
  file: SharedFile;
  shares: Share[];
  skip?: SkipReason;
  /** What was attached to it, if it is an e-mail: files of their own. */
  attachments?: Array<{ file: SharedFile; skip?: SkipReason }>;
}

export interface CaptureOptions {
  catalog: Catalog;
  /** The name under which this process holds leases. */
  owner: string;
  leaseMs: number;
  policy: KeepPolicy;
  confirm: ConfirmMode;
  /** Asks Slack about a file; `{ skip }` alone when Slack says that there is nothing to be had. */
  fileInfo(file: FileRow): Promise<FileInfo | { skip: SkipReason }>;
  /** Copies the bytes into the bucket and proves that they are the same. */
  copy(file: FileRow, signal: AbortSignal): Promise<StoredObject>;
  log: Log;
  now(): number;
}

export type CaptureOutcome = 'stored' | 'skipped' | 'failed' | 'deferred' | 'handed_back' | 'lost_lease';

/** What a download's end says for good, without a question to Slack. */
const SETTLED: Readonly<Record<string, SkipReason>> = {
  too_large: 'too_large',
  no_content: 'no_content',
  // Slack led to its sign-in page, and there said no: so it is for every bot, whatever its scopes.
  refused_to_bots: 'access_denied',
};

/** Tries that a file which Slack has not finished processing gets before that counts as a failure. */
const PATIENT_TRIES = 8;

/**
 * Takes one leased file through resolve → download → store → commit. Whatever goes wrong ends in a row that says
 * so and falls due again; it throws only when the catalog itself cannot be written.
 */
export async function capture(
  options: CaptureOptions,
  leased: FileRow,
  stop: AbortSignal,
): Promise<CaptureOutcome> {
  const { catalog, owner, log } = options;
  const lease = keepLease(options, leased);
  const signal = AbortSignal.any([stop, lease.lost]);
  try {
    return await attempt(options, leased, signal);
  } catch (error) {
    if (lease.lost.aborted) return 'lost_lease';
    if (stop.aborted) {
      await releaseFile(catalog, leased, owner);
      return 'handed_back';
    }
    const code = errorCode(error);
    const { permanent, retryAfterMs } = error as { permanent?: boolean; retryAfterMs?: number };
    // What looks final may only be an old URL: Slack is asked once more before anything is believed.
    const settled = SETTLED[code];
    const skip = settled ?? (permanent === true ? await whyGone(options, leased) : undefined);
    const { now } = options;
    if (skip !== undefined) {
      const refusal = code === 'refused_to_bots' ? { code } : {};
      await skipFile(catalog, { ref: leased, owner, reason: skip, now: now(), ...refusal });
      return 'skipped';
    }
    const retryAt = now() + Math.max(backOff(leased.attempts), retryAfterMs ?? 0);
    log.warn(
      { code, file: leased.fileId, attempt: leased.attempts, retryAt: new Date(retryAt), err: error },
      'capture failed',
    );
    const text = error instanceof Error ? error.message : String(error);
    await failAttempt(catalog, { ref: leased, owner, code, text, retryAt, now: now() });
    return 'failed';
  } finally {
    lease.end();
  }
}

async function attempt(
  options: CaptureOptions,
  leased: FileRow,
  signal: AbortSignal,
): Promise<CaptureOutcome> {
  const { catalog, owner, now } = options;
  const resolved = await resolve(options, leased);
  if ('skip' in resolved) {
    await skipFile(catalog, { ref: leased, owner, reason: resolved.skip, now: now() });
    return 'skipped';
  }
  const { file } = resolved;
  // The rows of a list are made when asked for, also where Slack names no address.
  if (file.url === null && kindOf(file) !== 'list') return wait(options, file);
  signal.throwIfAborted();
  const object = await options.copy(file, signal);
  const committed = await commitStored(catalog, {
    ref: file,
    owner,
    object,
    confirm: options.confirm,
    now: now(),
  });
  return committed ? 'stored' : 'lost_lease';
}

/**
 * An event's file object is used as it is when it says enough, without any call. A stub, and anything that has
 * failed before, is looked up, because a file may have moved, changed or gone since.
 */
async function resolve(
  options: CaptureOptions,
  leased: FileRow,
): Promise<{ file: FileRow } | { skip: SkipReason }> {
  // A bot is sent away by this kind, each time: recordings of 2026, measured with a bot token.
  if (kindOf(leased) === 'huddle_transcript') return { skip: 'access_denied' };
  const usable = leased.url !== null && leased.messageTs !== null;
  if (usable && leased.attempts <= 1) return { file: leased };
  const info = await options.fileInfo(leased);
  if ('file' in info === false) return info;
  const { unwanted } = await policiesFor(options.catalog, leased, options.policy);
  const skip = info.skip ?? unwanted(info.file);
  await fillIn(options.catalog, info.file, options.now());
  if (info.shares.length > 0) {
    const found = info.shares.map((share) => ({ file: info.file, share, ...(skip ? { skip } : {}) }));
    await recordShares(options.catalog, leased.teamId, found, options.now());
  }
  const parts = (info.attachments ?? []).map(({ file, skip: none }) => {
    const reason = none ?? unwanted(file);
    return { file, ...(reason === undefined ? {} : { skip: reason }) };
  });
  await recordParts(options.catalog, leased, parts, options.now());
  if (skip !== undefined) return { skip };
  const first = info.shares.find((share) => share.channelId === leased.channelId) ?? info.shares[0];
  const { name, title, mimetype, filetype, mode, size, uploaderId, url, createdAt, permalink } = info.file;
  return {
    file: {
      ...leased,
      ...{ name, title, mimetype, filetype, mode, size, uploaderId, createdAt, permalink },
      facts: { ...leased.facts, ...info.file.facts },
      url: info.file.complete ? url : null,
      messageTs: leased.messageTs ?? first?.ts ?? null,
      threadTs: leased.threadTs ?? first?.threadTs ?? null,
    },
  };
}

/** Slack has not finished with the file. That is no failure, unless it goes on for long. */
async function wait(options: CaptureOptions, file: FileRow): Promise<CaptureOutcome> {
  const { catalog, owner, now } = options;
  const dueAt = now() + backOff(file.attempts);
  if (file.attempts <= PATIENT_TRIES) {
    await deferFile(catalog, { ref: file, owner, dueAt });
    return 'deferred';
  }
  const text = 'Slack has not made this file available yet.';
  await failAttempt(catalog, { ref: file, owner, code: 'not_ready', text, retryAt: dueAt, now: now() });
  return 'failed';
}

async function whyGone(options: CaptureOptions, leased: FileRow): Promise<SkipReason | undefined> {
  try {
    const info = await options.fileInfo(leased);
    return info.skip;
  } catch {
    // Slack does not answer: then nothing is final.
    return undefined;
  }
}

/** Renews the lease while the work goes on. When somebody else has taken the row over, `lost` tells to stop. */
function keepLease(
  { catalog, owner, leaseMs, now, log }: CaptureOptions,
  file: FileRow,
): { lost: AbortSignal; end(): void } {
  const lost = new AbortController();
  const timer = setInterval(async () => {
    try {
      if (!(await renewLease(catalog, file, owner, now() + leaseMs)))
        lost.abort(new Error('the lease was lost'));
    } catch (error) {
      log.warn({ code: errorCode(error), file: file.fileId }, 'cannot renew a lease');
    }
  }, leaseMs / 3);
  return { lost: lost.signal, end: () => clearInterval(timer) };
}
