import { fileById } from '../../catalog/files/lookup.ts';
import type { FileRow, FileVersion } from '../../catalog/model.ts';
import { infectedFiles, type ScanCounts, scanCounts } from '../../catalog/scan/counts.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { scansOf } from '../../catalog/scan/rows.ts';
import type { Vault } from '../context.ts';
import { saidOf } from './gate.ts';
import { areMixed, isScanned, othersScan, unscannedPolicy } from './others.ts';

/** What one person may know of the checks of a file. */
export interface ScanFacts {
  newest: Checked | null;
  /** Of the older versions, by their numbers. */
  older: ReadonlyMap<number, Checked>;
  /** Whether this person may release the newest version, and have it scanned again. */
  mayRelease: boolean;
  /** The older versions that they may release, by their numbers. */
  releasable: ReadonlySet<number>;
}

/** The checks of a stored file and its older versions; null if nothing is scanned here. Asks for no rights. */
export async function scanFacts(
  { catalog, scan, now }: Vault,
  file: FileRow,
  { versions, isAdmin }: { versions: readonly FileVersion[]; isAdmin: boolean },
): Promise<ScanFacts | null> {
  if (scan === undefined || file.state !== 'stored') return null;
  const known = await scansOf(catalog, file.teamId, [file.fileId]);
  const of = (number: number, sha256: string | null) => {
    const row = known.get(`${file.fileId} ${number}`);
    const check = saidOf(scan, row?.sha256 === (sha256 ?? '') ? row : undefined, now());
    return check === null ? [] : [[number, check] as const];
  };
  const newest = of(file.version, file.sha256)[0]?.[1] ?? null;
  const older = new Map(versions.flatMap(({ number, sha256 }) => of(number, sha256)));
  const mayRelease = (check: Checked | null) => isAdmin && check !== null && isReleasable(check);
  const releasable = [...older].filter(([, check]) => mayRelease(check)).map(([number]) => number);
  return { newest, older, mayRelease: mayRelease(newest), releasable: new Set(releasable) };
}

/** Whether there is something to release; what only waits needs none. */
function isReleasable({ state, reason, release }: Checked): boolean {
  const isFound = state === 'infected' || (state === 'unscanned' && reason !== 'waited');
  return isFound && release === null;
}

/** The checks of the newest versions of some files, by file id; empty if nothing is scanned here. Asks for no rights. */
export async function checksOf(
  { catalog, scan, identity, now }: Vault,
  files: readonly FileRow[],
): Promise<ReadonlyMap<string, Checked>> {
  if (scan === undefined) return new Map();
  const stored = files.filter(({ state }) => state === 'stored');
  const ids = stored.map(({ fileId }) => fileId);
  const known = await scansOf(catalog, identity.teamId, ids);
  return new Map(
    stored.flatMap(({ fileId, version, sha256 }) => {
      const row = known.get(`${fileId} ${version}`);
      const check = saidOf(scan, row?.sha256 === (sha256 ?? '') ? row : undefined, now());
      return check === null ? [] : [[fileId, check] as const];
    }),
  );
}

/** The state of the scanner, for people who run the vault. */
export interface ScanHealth extends ScanCounts {
  /** False without VAULT_SCAN here. */
  isOn: boolean;
  /** Bots of this catalog have different settings; `others`: this one has no VAULT_SCAN, but another one has. */
  mixed: 'no' | 'yes' | 'others';
  /** Its engine, the number of its signatures and when they were made (ms). */
  engine: string | null;
  signatures: string | null;
  signaturesAt: number | null;
  awaySince: number | null;
  /** Whether it says so when a file is beyond its limits, or locked with a password; null: not known yet. */
  tellsLimits: boolean | null;
  tellsLocked: boolean | null;
  unscannedPolicy: 'block' | 'allow';
  /** Infected files that this person may know of, newest first, and how many they may not. */
  found: FileRow[];
  hidden: number;
}

const FOUND = 10;
const LOOKED_AT = 50;

/** For an admin. Names only files that they could see in Slack, or oversee; null if nothing is scanned here. */
export async function scanHealth(vault: Vault, userId: string): Promise<ScanHealth | null> {
  const { catalog, scan, identity, rights } = vault;
  if (scan === undefined) return null;
  const facts = scan.scanner?.facts();
  const [counts, ids, oversees] = await Promise.all([
    scanCounts(catalog, identity.teamId),
    infectedFiles(catalog, identity.teamId, LOOKED_AT),
    rights.oversees(userId),
  ]);
  if (!isScanned(scan) && ids.length === 0) return null;
  const found: FileRow[] = [];
  let hidden = 0;
  for (const fileId of ids) {
    const file = await fileById(catalog, { teamId: identity.teamId, fileId });
    if (file === undefined) continue;
    if (!oversees && !(await rights.maySeeFile(userId, file))) hidden += 1;
    else if (found.length < FOUND) found.push(file);
  }
  return {
    ...counts,
    isOn: scan.scanner !== null,
    mixed: othersScan(scan) ? 'others' : areMixed(scan) ? 'yes' : 'no',
    engine: facts?.version?.engine ?? null,
    signatures: facts?.version?.signatures ?? null,
    signaturesAt: facts?.version?.signaturesAt ?? null,
    awaySince: facts?.awaySince ?? null,
    tellsLimits: facts?.tellsLimits ?? null,
    tellsLocked: facts?.tellsLocked ?? null,
    unscannedPolicy: unscannedPolicy(scan),
    found,
    hidden,
  };
}
