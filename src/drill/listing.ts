import { verifySlice } from '../capture/verify.ts';
import type { Damage, DamageKind } from '../catalog/alerts/drills.ts';
import type { Finding, FindingKind } from '../catalog/alerts/findings.ts';
import { filesAtKey, keyedFile, keyedVersion } from '../catalog/alerts/verify.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import { headObject } from '../storage/adopt.ts';
import type { Bucket } from '../storage/bucket.ts';
import { storageError } from '../storage/errors.ts';
import { keyPrefix } from '../storage/inventory.ts';
import { whyUnreadable } from '../storage/unreadable.ts';

/** Single objects that are asked about. For more, the listing is trusted. */
const MOST_QUESTIONS = 2_000;
/** Findings that are looked at a second time, and held against each other. More are counted as they are. */
const MOST_FINDINGS = 2_000;

const KINDS: Partial<Record<FindingKind, DamageKind>> = {
  ...{ missing: 'object_missing', wrong_size: 'object_size', wrong_bytes: 'object_bytes' },
  ...{ unreadable: 'object_unreadable', unknown: 'object_unknown', unpurged: 'object_unknown' },
};

export interface ListingOptions {
  live: Catalog;
  bucket: Bucket;
  teamId: string;
  onDamage(damage: Damage): void;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
  now(): number;
}

/** Holds the listing of the bucket against the catalog, a page of both at a time. Returns what was listed. */
export async function compareListing(o: ListingOptions): Promise<{ objects: number; bytes: number }> {
  const { live: catalog, bucket, signal, now } = o;
  const findings: Finding[] = [];
  const listed = { objects: 0, bytes: 0 };
  let asked = 0;
  let told = 0;
  const onFinding = (finding: Finding) => {
    if (findings.length < MOST_FINDINGS) findings.push(finding);
    else o.onDamage(asDamage(o, finding));
  };
  let after: string | null = keyPrefix(bucket);
  while (after !== null) {
    signal?.throwIfAborted();
    const mayAsk = () => asked++ < MOST_QUESTIONS;
    const slice = await verifySlice({ catalog, bucket, mayAsk, onFinding, signal, now }, after);
    listed.objects += slice.objects;
    listed.bytes += slice.bytes;
    after = slice.after;
    if (listed.objects < told + 100_000) continue;
    told = listed.objects;
    o.onProgress(`held ${told} objects against the catalog`);
  }
  await judge(o, findings);
  return listed;
}

/** What is still so, with what is missing under one key and there under another put together. */
async function judge(o: ListingOptions, findings: Finding[]): Promise<void> {
  const strangers = new Map<string, Finding>();
  for (const finding of findings)
    if (finding.kind === 'unknown' && finding.fileId !== null) strangers.set(whose(finding), finding);
  const moved = new Set<Finding>();
  for (const finding of findings) {
    if (finding.kind !== 'missing') continue;
    const elsewhere = strangers.get(whose(finding));
    if (elsewhere === undefined || !(await isStillSo(o, finding))) continue;
    moved.add(finding).add(elsewhere);
    const detail = `${named(finding)}: its object is now ${elsewhere.key}`;
    o.onDamage({ kind: 'object_moved', what: finding.key ?? '', detail });
  }
  for (const finding of findings)
    if (!moved.has(finding) && (await isStillSo(o, finding))) o.onDamage(asDamage(o, finding));
}

const whose = ({ teamId, fileId }: Finding) => `${teamId} ${fileId}`;

/** The vault works on meanwhile: a file may have been removed or stored since its page was listed. */
async function isStillSo({ live, bucket, signal }: ListingOptions, finding: Finding): Promise<boolean> {
  const { kind, key, teamId, fileId, version } = finding;
  if (key === null) return false;
  const isThere = await headObject(bucket, key, signal).then(
    (head) => head !== null,
    (error) => {
      if (whyUnreadable(error, bucket.place) !== null) return true;
      throw storageError(error, bucket.place);
    },
  );
  if (kind === 'unknown' || kind === 'unpurged') {
    const known = await filesAtKey(live, key);
    return isThere && !known.some(({ state }) => state === 'stored' || state === 'trashed');
  }
  if (teamId === null || fileId === null) return true;
  const ref = { teamId, fileId };
  const row = await (version === undefined ? keyedFile(live, ref) : keyedVersion(live, ref, version));
  const isKept = row?.objectKey === key && (row.state === 'stored' || row.state === 'trashed');
  return isKept && (kind !== 'missing' || !isThere);
}

function asDamage({ teamId }: ListingOptions, finding: Finding): Damage {
  const isForeign = finding.kind === 'unknown' && finding.teamId !== null && finding.teamId !== teamId;
  const kind = isForeign ? 'object_mismatched' : (KINDS[finding.kind] ?? 'object_unknown');
  const what = finding.key ?? named(finding);
  if (isForeign) return { kind, what, detail: `it is of the workspace ${finding.teamId}` };
  const details = [
    ...(finding.fileId === null ? [] : [named(finding)]),
    ...(finding.kind === 'unpurged' ? ['it was removed for good, and is there'] : []),
    ...(finding.detail === '' ? [] : [finding.detail]),
  ];
  return { kind, what, detail: details.join(': ') };
}

/** `file F1`, `file F1, version 2`. */
function named({ fileId, version }: Finding): string {
  return `file ${fileId}${version === undefined ? '' : `, version ${version}`}`;
}
