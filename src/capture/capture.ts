import type { Catalog } from '../catalog/db/open.ts';
import {
  commitStored,
  deferFile,
  failAttempt,
  fillIn,
  releaseFile,
  renewLease,
  skipFile,
} from '../catalog/files/capture.ts';
import { REFUSED_TO_BOTS } from '../catalog/files/merge.ts';
import { recordParts } from '../catalog/files/parts.ts';
import { recordShares } from '../catalog/files/shares.ts';
import type { ConfirmMode, FileRow, Share, SharedFile, SkipReason, StoredObject } from '../catalog/model.ts';
import { errorCode } from '../errors.ts';
import { canBeFetched, kindOf } from '../file-kinds.ts';
import type { Log } from '../log.ts';
import { backOff, waitAfter } from './back-off.ts';
import { isRefused } from './download-errors.ts';
import { keepLease } from './lease.ts';
import { type AskOutside, isOfOutsider } from './outsider.ts';
import { type KeepPolicy, type Limits, policiesFor } from './receive.ts';
import { judge, type Refusal } from './refusal.ts';
import { withoutOwnWords } from './words.ts';

/** Slack's answer about a file: the file and where it was shared, or why the vault cannot have it. */
export interface FileInfo {
  file: SharedFile;
  shares: Share[];
  skip?: SkipReason;
  /** Files that only this one names: an e-mail's attachments, the transcript that a huddle's notes name. */
  attachments?: Array<{ file: SharedFile; skip?: SkipReason }>;
  /** True when the reason may pass; see {@link Refusal}. */
  passing?: boolean;
}

export interface CaptureOptions extends AskOutside {
  catalog: Catalog;
  /** The name under which this process holds leases. */
  owner: string;
  leaseMs: number;
  policy: KeepPolicy;
  confirm: ConfirmMode;
  /** Asks Slack about a file. Returns a refusal when Slack says that the vault cannot have it. */
  fileInfo(file: FileRow): Promise<FileInfo | Refusal>;
  /** Asks Slack whether the bot is in one of these channels. Without this function, the answer is yes. */
  isInAny?(channelIds: string[]): Promise<boolean>;
  /** Copies at most `maxBytes` bytes into the bucket and proves that they are the same. */
  copy(file: FileRow, signal: AbortSignal, maxBytes: number): Promise<StoredObject>;
  log: Log;
  now(): number;
}

export type CaptureOutcome = 'stored' | 'skipped' | 'failed' | 'deferred' | 'handed_back' | 'lost_lease';

/** Slack led to its sign-in page and refused there. It refuses every bot, with any scopes. */
const NO_BOT: Refusal = { skip: 'access_denied', code: REFUSED_TO_BOTS };

/** Download errors that are final. Slack is not asked about them. */
const SETTLED: Readonly<Record<string, Refusal>> = {
  no_content: { skip: 'no_content' },
  refused_to_bots: NO_BOT,
};

/** Slack may still be processing a file. After this many tries, that counts as a failure. */
const PATIENT_TRIES = 8;

/**
 * Takes one leased file through resolve → download → store → commit. An error is written to the file's row, which
 * becomes due again. Throws only when the catalog itself cannot be written.
 */
export async function capture(
  options: CaptureOptions,
  leased: FileRow,
  stop: AbortSignal,
): Promise<CaptureOutcome> {
  const { catalog, owner } = options;
  const lease = keepLease(options, { file: leased.fileId }, (until) =>
    renewLease(catalog, leased, owner, until),
  );
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
    if (code === 'too_large') return skip(options, leased, { skip: 'too_large' });
    // A refusal that looks final may only mean an old URL. So Slack is asked once more.
    const settled = SETTLED[code];
    const refusal = settled ?? (isRefused(error) ? await whyGone(options, leased) : undefined);
    return refusal === undefined ? fail(options, leased, error) : refuse(options, leased, refusal);
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
  if ('skip' in resolved) return refuse(options, leased, resolved);
  const { file, limits } = resolved;
  const left = keptBefore(leased) ? undefined : limits.unwanted(file);
  if (left !== undefined) return skip(options, leased, { skip: left });
  const outside = await isOfOutsider(options, file, limits);
  if (outside && limits.external === 'record' && !keptBefore(leased))
    return skip(options, leased, { skip: 'other_org' });
  if (!canBeFetched(file)) return wait(options, file);
  signal.throwIfAborted();
  const maxBytes = keptBefore(leased) ? Number.POSITIVE_INFINITY : limits.maxFileBytes;
  const copied = await options.copy(file, signal, maxBytes);
  const object = outside ? { ...copied, facts: { ...copied.facts, outside } } : copied;
  const committed = await commitStored(catalog, {
    ref: file,
    owner,
    object,
    confirm: options.confirm,
    quietMs: options.policy.versionQuietMs,
    now: now(),
  });
  return committed ? 'stored' : 'lost_lease';
}

/** The vault had this file before and lost it. It is fetched again under any rules: earlier rules let it in. */
function keptBefore({ storedAt }: FileRow): boolean {
  return storedAt !== null;
}

async function skip(
  { catalog, owner, confirm, now }: CaptureOptions,
  leased: FileRow,
  { skip: reason, code }: Pick<Refusal, 'skip' | 'code'>,
): Promise<CaptureOutcome> {
  const said = code === undefined ? {} : { code };
  await skipFile(catalog, { ref: leased, owner, reason, ...said, confirm, now: now() });
  return 'skipped';
}

/** Slack does not give the file. The file is skipped, or tried again later. */
async function refuse(options: CaptureOptions, leased: FileRow, refusal: Refusal): Promise<CaptureOutcome> {
  const judged = await judge(options, leased, refusal).catch((error: unknown) => ({ error }));
  if ('error' in judged) return fail(options, leased, judged.error);
  if ('skip' in judged) return skip(options, leased, judged);
  const { catalog, owner, now, log } = options;
  const { again: code, isFirst } = judged;
  const retryAt = now() + backOff(isFirst ? 1 : leased.attempts);
  log.info({ code, file: leased.fileId, retryAt: new Date(retryAt) }, 'Slack does not give a file yet');
  const text = 'Slack does not give this file to the vault yet.';
  await failAttempt(catalog, { ref: leased, owner, code, text, retryAt, isFirst, now: now() });
  return 'failed';
}

async function fail(options: CaptureOptions, leased: FileRow, error: unknown): Promise<CaptureOutcome> {
  const { catalog, owner, now, log } = options;
  const code = errorCode(error);
  const retryAt = now() + waitAfter(error, leased.attempts);
  log.warn(
    { code, file: leased.fileId, attempt: leased.attempts, retryAt: new Date(retryAt), err: error },
    'capture failed',
  );
  const text = error instanceof Error ? error.message : String(error);
  await failAttempt(catalog, { ref: leased, owner, code, text, retryAt, now: now() });
  return 'failed';
}

/**
 * When the file object of the event says enough, it is used without any call. A stub, and a file that failed before,
 * is looked up: the file may have moved, changed or gone. The rules are read at every attempt: they may have changed
 * since the file was seen, and a person may have asked for a file that the rules leave out.
 */
async function resolve(
  options: CaptureOptions,
  leased: FileRow,
): Promise<{ file: FileRow; limits: Limits } | Refusal> {
  const rules = () => policiesFor(options.catalog, leased, options.policy);
  const limits = await rules();
  const left = keptBefore(leased) ? undefined : limits.unwanted(leased);
  if (left !== undefined) return { skip: left };
  // Slack refuses this kind to a bot every time: recordings of 2026, measured with a bot token.
  if (kindOf(leased) === 'huddle_transcript') return NO_BOT;
  // Slack did not name all attachments of this e-mail. It is asked again: it may name them now.
  const isAllSaid = !leased.facts.attachmentsMissing;
  const usable = leased.url !== null && leased.messageTs !== null && isAllSaid;
  if (usable && leased.attempts <= 1) return { file: leased, limits };
  const askedAt = options.now();
  const info = await options.fileInfo(leased);
  if ('file' in info === false) return info;
  const told = limits.words ? info.file : withoutOwnWords(info.file);
  await fillIn(options.catalog, told, askedAt);
  if (info.shares.length > 0) {
    const found = info.shares.map((share) => ({ file: told, share: { ...share, askedAt } }));
    await recordShares(options.catalog, leased.teamId, found, options.now());
  }
  // The rules are applied to each of them when its own capture begins.
  await recordParts(options.catalog, leased, info.attachments ?? [], options.now());
  if (info.skip !== undefined && kindOf(info.file) === 'huddle_transcript') return NO_BOT;
  if (info.skip !== undefined) return { skip: info.skip, passing: info.passing === true };
  const first = info.shares.find((share) => share.channelId === leased.channelId) ?? info.shares[0];
  const { name, title, mimetype, filetype, mode, size, uploaderId, url, createdAt, permalink } = info.file;
  return {
    limits: await rules(),
    file: {
      ...leased,
      ...{ name, title, mimetype, filetype, mode, size, uploaderId, createdAt, permalink },
      facts: { ...leased.facts, ...told.facts },
      url: info.file.complete ? url : null,
      messageTs: leased.messageTs ?? first?.ts ?? null,
      threadTs: leased.threadTs ?? first?.threadTs ?? null,
    },
  };
}

/** Slack is still processing the file. That is a failure only when it lasts long. */
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

async function whyGone(options: CaptureOptions, leased: FileRow): Promise<Refusal | undefined> {
  try {
    const { skip: reason, code, passing } = (await options.fileInfo(leased)) as Partial<Refusal>;
    if (reason === undefined) return undefined;
    return { skip: reason, passing: passing === true, ...(code === undefined ? {} : { code }) };
  } catch {
    // Slack does not answer, so nothing is final.
    return undefined;
  }
}
