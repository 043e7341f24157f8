import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { type Capabilities, proofOf } from './capabilities.ts';
import type { Clients } from './client.ts';
import { isNotFound, StorageError, statusOf, storageError } from './errors.ts';
import { unquote } from './etag.ts';
import { BYTES, md5Of } from './probe-bytes.ts';
import { type Found, lookAt, probeKey, type Seen } from './probe-object.ts';
import {
  isAboutSum,
  mayPass,
  type Outcome,
  PLAIN,
  SHORT_MS,
  type Shape,
  sendTrial,
  type Trial,
} from './probe-put.ts';

export { unquote } from './etag.ts';

export interface Probed {
  able: Capabilities;
  /** Something failed that may work later. So the bucket may be able to do more. */
  doubtful: boolean;
}

/**
 * Finds out what the bucket can do with a few tiny writes, the richest first. Whatever becomes of a richer one (any
 * status, a reset, no answer within seconds), the next simpler one is tried. Only when the simplest fails does this
 * throw: `StorageError`, for that one's failure.
 *
 * All writes go to one key, `<prefix>/.vault-probe/object`, which is deleted at the end where the rights and the
 * bucket's retention allow that. Otherwise it stays. Its metadata says how it was written and what was seen before. So
 * a later start, which may not be allowed to overwrite it, still knows that (see `Seen`). Other bots may try out the
 * same bucket at the same time: the object may be there, be replaced and be gone again at any moment.
 */
export async function probe(clients: Clients, tries = 3): Promise<Probed> {
  try {
    await findBucket(clients);
    const trials = createTrials(clients, tries);
    const able = await learn(clients, trials);
    return { able, doubtful: trials.isDoubtful() };
  } catch (error) {
    throw storageError(error, clients.place);
  }
}

async function learn(clients: Clients, trials: Trials): Promise<Capabilities> {
  await trials.look();
  const way = await firstWay(trials, clients.mayTrail);
  const { shape, conditional } = way;
  const conditionalPut = conditional && (way.kind === 'taken' || (await isEnforced(trials, shape)));
  const checksums =
    (await trials.comparesSum('crc32', conditional)) && (await takesCrc32(trials, conditional));
  const md5Checked = !checksums && (await trials.comparesSum('md5', conditional));
  let found = await standing(trials, way);
  let mode = await modeOf(clients, trials.key, found);
  for (let round = 1; mode === 'gone' && round < ROUNDS; round++) {
    found = await standing(trials, way);
    mode = await modeOf(clients, trials.key, found);
  }
  if (mode === 'gone' || mode === 'unknown') trials.doubt();
  const etagIsMd5 = found?.etagIsMd5 ?? trials.etag() === md5Of(BYTES);
  const versioning = trials.hasVersions() ? true : await versioningOf(clients);
  await clear(clients, trials.key, versioning === true);
  const proof = proofOf({ checksums, etagIsMd5, md5Checked }, shape === 'trailer' ? 'trailer' : null);
  return {
    ...{ trailers: shape === 'trailer', conditionalPut, checksums, etagIsMd5, versioning, proof },
    ...{ wholeOnly: shape === 'md5', md5Checked, checksumMode: mode === true },
  };
}

/**
 * `takesMode` for an object that was just read. Who may list only under a prefix reads 403 for one that is not there
 * (docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, "Permissions"), so that means: another bot removed it.
 */
async function modeOf(clients: Clients, key: string, found: Found | null): ReturnType<typeof takesMode> {
  return takesMode(clients, key).catch((error: unknown) => {
    if (found !== null && statusOf(error) === 403) return 'gone';
    throw error;
  });
}

/** How often a look is repeated when another bot was in between. */
const ROUNDS = 3;

type Way = Extract<Outcome, { kind: 'stored' | 'taken' }> & { shape: Shape; conditional: boolean };

/** The best way to put a stream that the store accepts, or else the simplest put. Throws that one's failure. */
async function firstWay(trials: Trials, mayTrail: boolean): Promise<Way> {
  let failure: unknown = null;
  for (const conditional of [true, false]) {
    // As long as the key is free, this leaves nothing, and what it shows can be written into the object.
    await trials.comparesSum('crc32', conditional);
    const trailer = mayTrail ? await tryTrailer(trials, conditional) : null;
    if (trailer) return { ...trailer, shape: 'trailer', conditional };
    for (const shape of ['bare', 'md5'] as const) {
      const trial = shape === PLAIN.shape && !conditional ? PLAIN : { shape, conditional };
      const outcome = await trials.send(trial);
      if (outcome.kind === 'stored' || outcome.kind === 'taken') return { ...outcome, shape, conditional };
      // A policy that wants the condition refuses this put always. What may pass is the failure of the other one.
      if (trial === PLAIN) throw outcome.kind === 'refused' && failure !== null ? failure : outcome.error;
      if (conditional && outcome.kind === 'failed') failure ??= outcome.error;
    }
  }
  throw new TypeError('The simplest put neither worked nor failed.');
}

/**
 * A stream with a trailer must be compared with it, and its frame taken off. A store that does not know this form may
 * keep the frame as if it were bytes of the file. A store that half knows it keeps the name of the encoding, and then
 * a downloader decodes bytes that were never encoded. Null: not this way.
 */
async function tryTrailer(trials: Trials, conditional: boolean) {
  if (trials.seen.frame === 'kept' || !(await trials.comparesSum('trailer', conditional))) return null;
  const outcome = await trials.send({ shape: 'trailer', conditional });
  if (outcome.kind !== 'stored' && outcome.kind !== 'taken') {
    // It refuses right ones, too, so it compares nothing.
    delete trials.seen.trailer;
    return null;
  }
  for (let round = 0; round < ROUNDS && trials.seen.frame === undefined; round++) {
    await trials.look();
    if (trials.seen.frame !== undefined) break;
    // The object that is there was written in another way, or another bot has removed it.
    const again = await trials.send({ shape: 'trailer', conditional });
    // It may be overwritten: all bytes are the same.
    if (again.kind === 'taken') await trials.send({ shape: 'trailer', conditional: false });
  }
  if (trials.seen.frame === undefined) await trials.look();
  return (trials.seen.frame ?? trials.old.frame) === 'off' ? outcome : null;
}

/**
 * Does the store protect an object that is there? Asked after a conditional put that was stored. Another bot may have
 * removed the object meanwhile.
 */
async function isEnforced(trials: Trials, shape: Shape): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    const { kind } = await trials.send({ shape, conditional: true });
    if (kind !== 'stored') return kind === 'taken';
  }
  return false;
}

/** Sees to it that the object is there, and reads it. Null when it cannot be read. */
async function standing(trials: Trials, { shape, conditional }: Way): Promise<Found | null> {
  for (let round = 0; round < ROUNDS; round++) {
    const found = await trials.look();
    if (found !== null) return found;
    await trials.send({ shape, conditional });
  }
  return null;
}

/** Does the store take the right CRC-32 in a header? One that knows no such header refuses wrong ones, too. */
async function takesCrc32(trials: Trials, conditional: boolean): Promise<boolean> {
  const outcome = await trials.send({ shape: 'crc32', conditional });
  // A store that looks at the condition first says so before it reads the header.
  if (outcome.kind === 'taken' && trials.seen.crc32 !== 'compared')
    return (await trials.send({ shape: 'crc32', conditional: false })).kind === 'stored';
  return outcome.kind === 'stored' || outcome.kind === 'taken';
}

interface Trials {
  key: string;
  seen: Seen;
  old: Seen;
  isDoubtful(): boolean;
  doubt(): void;
  send(trial: Trial): Promise<Outcome>;
  /** The ETag of the last put that was stored, without quotes. */
  etag(): string | null;
  /** Has an object shown the id of a version? */
  hasVersions(): boolean;
  /** Reads the object, and adds what it tells to `seen` and `old`. */
  look(): Promise<Found | null>;
  /** Does the store refuse bytes that do not fit their checksum? */
  comparesSum(shape: 'trailer' | 'crc32' | 'md5', conditional: boolean): Promise<boolean>;
}

function createTrials(clients: Clients, tries: number): Trials {
  const key = probeKey(clients.prefix);
  let doubtful = false;
  let hasVersions = false;
  let etag: string | null = null;
  const refusals = new Set<string>();

  const trials: Trials = {
    ...{ key, seen: {}, old: {} },
    ...{ isDoubtful: () => doubtful, hasVersions: () => hasVersions, etag: () => etag },
    doubt() {
      doubtful = true;
    },
    async send(trial) {
      // An object that was stored in spite of a wrong checksum says so itself.
      const seen = trial.wrong ? { ...trials.seen, [trial.shape]: 'ignored' } : trials.seen;
      const outcome = await sendTrial(clients, { key, trial, seen, tries });
      doubtful ||= outcome.kind === 'failed';
      if (outcome.kind === 'stored') {
        hasVersions ||= Boolean(outcome.answer.versionId);
        etag = unquote(outcome.answer.etag);
      }
      return outcome;
    },
    async look() {
      const found = await lookAt(clients, key);
      hasVersions ||= Boolean(found?.versionId);
      Object.assign(trials.seen, found?.seen);
      Object.assign(trials.old, found?.old);
      return found;
    },
    async comparesSum(shape, conditional) {
      if (trials.seen[shape]) return trials.seen[shape] === 'compared';
      if (refusals.has(`${shape} ${conditional}`)) return true;
      let outcome = await trials.send({ shape, conditional, wrong: true });
      // Over the object that is there: who compares, refuses, and leaves it as it is.
      if (outcome.kind === 'taken') outcome = await trials.send({ shape, conditional: false, wrong: true });
      if (outcome.kind === 'stored') trials.seen[shape] = 'ignored';
      if (outcome.kind !== 'refused') return outcome.kind !== 'stored' && trials.old[shape] === 'compared';
      // With a trailer, the store must take the right one afterwards. That proves more than a word.
      if (shape === 'trailer' || isAboutSum(outcome.error)) trials.seen[shape] = 'compared';
      // A refusal for want of rights says nothing about checksums.
      else if (statusOf(outcome.error) === 403) return trials.old[shape] === 'compared';
      else refusals.add(`${shape} ${conditional}`);
      return shape !== 'md5' || trials.seen.md5 === 'compared';
    },
  };
  return trials;
}

/** A bucket that is not there is found out at once. Whatever else HeadBucket says, the writes say better. */
async function findBucket({ client, place }: Clients): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: place.name }));
  } catch (error) {
    if (statusOf(error) === null) throw error;
    if (statusOf(error) !== 404) return;
    throw new StorageError(
      'bucket_missing',
      `There is no bucket "${place.name}"; set VAULT_BUCKET to an existing bucket, or create it.`,
      { cause: error },
    );
  }
}

/**
 * Does the store know `x-amz-checksum-mode`? Backblaze refused it in 2025 (vatesfr/xen-orchestra, issue 8358). Throws
 * when objects cannot be read at all.
 */
export async function takesMode(
  { client, place }: Clients,
  Key: string,
): Promise<boolean | 'gone' | 'unknown'> {
  const about = { Bucket: place.name, Key };
  try {
    const abortSignal = AbortSignal.timeout(SHORT_MS);
    await client.send(new HeadObjectCommand({ ...about, ChecksumMode: 'ENABLED' }), { abortSignal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    return client.send(new HeadObjectCommand(about)).then(
      () => (mayPass(error) === 'no' ? false : 'unknown'),
      (plain) => {
        if (isNotFound(plain)) return 'gone';
        throw plain;
      },
    );
  }
}

async function versioningOf({ client, place }: Clients): Promise<boolean | 'unknown'> {
  try {
    return (await client.send(new GetBucketVersioningCommand({ Bucket: place.name }))).Status !== undefined;
  } catch {
    return 'unknown';
  }
}

/** Removes the object with all its versions, as far as the rights and the retention of the bucket allow that. */
async function clear({ client, place }: Clients, Key: string, hasVersions: boolean): Promise<void> {
  const Bucket = place.name;
  try {
    if (!hasVersions) await client.send(new DeleteObjectCommand({ Bucket, Key }));
    else {
      const list = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
      for (const version of [...(list.Versions ?? []), ...(list.DeleteMarkers ?? [])])
        if (version.Key === Key)
          await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: version.VersionId }));
    }
  } catch {
    // Then it stays. It is a few bytes, and the next start reads it.
  }
}
