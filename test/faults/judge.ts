import { setTimeout as sleep } from 'node:timers/promises';
import { BUCKET, type TestVault } from '../helpers/vault.ts';
import type { CatalogFile, CatalogVersion, CatalogView } from './catalog-view.ts';
import { type Ledger, type Shared, sha256 } from './ledger.ts';

/** What became of the files. Each complaint names the file. */
export interface Verdict {
  files: number;
  /** Not stored, not recorded, or not confirmed. */
  lost: string[];
  /** More than one object or confirmation. */
  doubled: string[];
  /** Other bytes, a state that the people's actions do not allow, or something left behind. */
  wrong: string[];
  /** What the bots said last, if there is a complaint: nobody can ask them later. */
  said?: string;
}

/** What was read of a file, kept beside it: its text, and the picture of its first page. */
const TEXT_OF = /(?:^|\/)\.ria-vault\/text\/[^/]+\/([^/]+)\//;

interface Evidence {
  ledger: Ledger;
  vault: TestVault;
  catalog: CatalogView;
}

/**
 * Waits until the vault is at rest, or nothing has changed for `patienceMs`, and then compares what was shared with the bucket (each
 * file one object, byte for byte), with the catalog (its state and SHA-256) and with Slack (each file confirmed in
 * exactly one message of its thread). Files that never come to rest count as lost.
 */
export async function judge(evidence: Evidence, patienceMs: number): Promise<Verdict> {
  await rest(evidence, patienceMs);
  const { ledger, vault, catalog } = evidence;
  const verdict: Verdict = { files: ledger.files.length, lost: [], doubled: [], wrong: [] };
  const records = new Map((await catalog.files()).map((record) => [record.file_id, record]));
  const versions = await catalog.versions();
  const all = (await vault.s3.list(BUCKET)).map(({ key }) => key);
  const keys = all.filter((key) => !TEXT_OF.test(key));
  for (const shared of ledger.files) {
    const objects = keys.filter((key) => key.includes(`/${shared.fileId}/`));
    const older = versions.filter(({ file_id }) => file_id === shared.fileId);
    const record = records.get(shared.fileId);
    await judgeVersions(verdict, vault, shared, record, older);
    const oldKeys = new Set(older.map(({ object_key }) => object_key));
    const newest = objects.filter((key) => !oldKeys.has(key));
    await judgeFile(verdict, vault, shared, record, newest);
  }
  judgeConfirmations(verdict, vault, ledger.files, records);
  const known = new Set(ledger.files.map(({ fileId }) => fileId));
  for (const key of keys) {
    const fileId = /\/\d{4}\/\d\d\/\d\d\/([^/]+)\//.exec(key)?.[1];
    if (fileId !== undefined && !known.has(fileId)) verdict.wrong.push(`${key}: an object of no shared file`);
  }
  for (const key of all) {
    const [, fileId] = TEXT_OF.exec(key) ?? [];
    if (fileId === undefined) continue;
    const isThere = ['stored', 'trashed'].includes(records.get(fileId)?.state ?? '');
    if (!isThere) verdict.wrong.push(`${key}: the text of a file that is not there`);
  }
  for (const { key } of await vault.s3.uploads(BUCKET)) verdict.wrong.push(`${key}: parts left behind`);
  const isFine = [verdict.lost, verdict.doubled, verdict.wrong].every(({ length }) => length === 0);
  return isFine ? verdict : { ...verdict, said: vault.lastWords() };
}

async function judgeFile(
  verdict: Verdict,
  vault: TestVault,
  shared: Shared,
  record: CatalogFile | undefined,
  objects: string[],
): Promise<void> {
  const { fileId, fates } = shared;
  const named = `${fileId} (${JSON.stringify(shared.name)}, ${shared.bytes} bytes)`;
  if (record === undefined) return void verdict.lost.push(`${named}: not in the catalog`);
  if (!fates.has(record.state as never)) {
    const unfinished = ['pending', 'storing', 'failed'].includes(record.state);
    const why = record.reason ?? record.error_code ?? '';
    (unfinished ? verdict.lost : verdict.wrong).push(`${named}: ${record.state} ${why}`);
    return;
  }
  if (record.state === 'skipped' || record.state === 'purged') {
    if (objects.length > 0) verdict.wrong.push(`${named}: ${record.state}, but the bucket has ${objects}`);
    return;
  }
  const [key] = objects;
  if (key === undefined) return void verdict.lost.push(`${named}: ${record.state}, but not in the bucket`);
  if (objects.length > 1) verdict.doubled.push(`${named}: ${objects.length} objects`);
  if (record.object_key !== key) verdict.wrong.push(`${named}: the catalog names ${record.object_key}`);
  const bytes = await vault.s3.read(BUCKET, key);
  if (sha256(bytes) !== shared.sha256) verdict.wrong.push(`${named}: other bytes (${bytes.length})`);
  if (record.sha256 !== shared.sha256 || Number(record.stored_bytes) !== shared.bytes)
    verdict.wrong.push(`${named}: the catalog has another SHA-256 or size`);
}

/** Each older version is an object of its own with bytes that the file once had, and no two in a row are the same. */
async function judgeVersions(
  verdict: Verdict,
  vault: TestVault,
  { fileId, edits = [] }: Shared,
  record: CatalogFile | undefined,
  older: CatalogVersion[],
): Promise<void> {
  const hashes = [...older.map(({ sha256: hash }) => hash), record?.sha256];
  for (const [index, version] of older.entries()) {
    const named = `${fileId} version ${version.number}`;
    const bytes = await vault.s3.read(BUCKET, version.object_key).catch(() => null);
    if (bytes === null) verdict.lost.push(`${named}: not in the bucket`);
    else if (sha256(bytes) !== version.sha256 || bytes.length !== version.stored_bytes)
      verdict.wrong.push(`${named}: other bytes (${bytes.length})`);
    if (!edits.includes(version.sha256)) verdict.wrong.push(`${named}: bytes that it never had`);
    if (hashes[index + 1] === version.sha256) verdict.doubled.push(`${named}: stored twice`);
  }
}

/**
 * Each file of a thread is counted once in what the bot says there: "Saved 10 files", or a single one by its name. Quiet files,
 * and those of which the ledger knows no name, may be counted or not.
 */
function judgeConfirmations(
  verdict: Verdict,
  vault: TestVault,
  files: readonly Shared[],
  records: ReadonlyMap<string, CatalogFile>,
): void {
  const due = files.filter(({ fileId, fates }) => records.has(fileId) && !fates.has('skipped'));
  for (const some of Map.groupBy(due, ({ channel, thread }) => `${channel} ${thread}`).values()) {
    const [{ channel, thread }] = some as [Shared];
    const places = [{ channel, thread }, ...some.flatMap(({ also = [] }) => also)];
    const told = places.reduce((sum, place) => sum + confirmed(vault, place), 0);
    const must = some.filter(({ quiet, name }) => !quiet && name !== null).length;
    const about = `${some.map(({ fileId }) => fileId).join(', ')} in ${thread} of ${channel}`;
    if (told < must) verdict.lost.push(`${about}: ${told} confirmed, not ${must}`);
    if (told > some.length) verdict.doubled.push(`${about}: ${told} confirmed, not ${some.length}`);
  }
}

/** How many files the bot's messages in this thread say are saved. */
function confirmed(vault: TestVault, { channel, thread }: Pick<Shared, 'channel' | 'thread'>): number {
  const { botUserId } = vault.slack.workspace;
  const counts = vault.slack
    .as('carla')
    .messages(channel)
    .filter((message) => message.thread_ts === thread && message.user === botUserId && !message.ephemeral)
    .map(({ text = '' }) => {
      const [, many] = /^Saved ([\d,]+) files/.exec(text) ?? [];
      return many === undefined ? Number(text.startsWith('Saved ')) : Number(many.replaceAll(',', ''));
    });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Waits until nothing is on its way, or nothing changes for `patienceMs`. */
async function rest({ ledger, vault, catalog }: Evidence, patienceMs: number): Promise<void> {
  let last = -1;
  let deadline = 0;
  let quiet = 0;
  while (quiet < 2) {
    await sleep(400);
    // A database that does not answer makes no progress.
    const left = await underWay().catch(() => last);
    quiet = left === 0 ? quiet + 1 : 0;
    if (left !== last) deadline = Date.now() + patienceMs;
    last = left;
    if (Date.now() > deadline) return;
  }

  /** Unfinished files, messages to post, events to deliver. */
  async function underWay(): Promise<number> {
    const records = new Map((await catalog.files()).map((record) => [record.file_id, record]));
    const files = ledger.files.filter(({ fileId, fates }) => {
      const record = records.get(fileId);
      return record === undefined || !fates.has(record.state as never) || record.lease_owner !== null;
    });
    const events = vault.slack.deliveries.list.filter(({ over }) => !over);
    return files.length + events.length + (await catalog.postsDue());
  }
}
