import { type Alert, openAlerts } from '../catalog/alerts/alerts.ts';
import { botSchemas } from '../catalog/alerts/bots.ts';
import { type FailingReason, failingReasons } from '../catalog/alerts/failing.ts';
import type { Proof } from '../catalog/model.ts';
import { missingTextIndexes } from '../catalog/search/text-index.ts';
import { unkeptSums } from '../catalog/totals/stats.ts';
import {
  beingRetried,
  type Counted,
  type CountedUpTo,
  links,
  notKept,
  onTheWay,
  queueDepth,
} from '../catalog/totals/under-way.ts';
import { VERSION } from '../version.ts';
import type { Vault } from './context.ts';
import { type ReadingHealth, readingHealth } from './files/text-facts.ts';
import { type VaultHealth, vaultHealth } from './health.ts';
import { type Named, namesShown } from './names.ts';
import { type ScanHealth, scanHealth } from './scan/facts.ts';

const ON_THE_WAY = 5;
const FAILED = 10;
const NOT_KEPT = 10;

/** What waits, what failed and what is not kept, as far as one person may know. */
export interface VaultStatus {
  /** Milliseconds since 1970. */
  now: number;
  onTheWay: Counted;
  /** Files that are tried again until it works. */
  failures: Counted;
  /** Files that are not kept, and why. */
  notKept: CountedUpTo;
  /** Files that are outside Slack. */
  links: Pick<CountedUpTo, 'total' | 'atLeast'>;
  /** False if files not listed here are not kept either: their channel is off, or Slack deleted them first. */
  isWhole: boolean;
  /** The state of the whole vault; null for people who are not admins. */
  /** Since when the bucket has been away, if it has not answered since the start. */
  bucketAwaySince: number | null;
  admin: AdminStatus | null;
  names: Named;
}

export interface AdminStatus extends VaultHealth {
  version: string;
  bucket: string;
  /** Null while the bucket has not answered since the start. */
  proof: Proof | null;
  /** `SQLite` or `PostgreSQL`. */
  database: string;
  /** Searches by text read all names: the database lacks pg_trgm. */
  slowSearch: boolean;
  /** The schemas that the running bots know; more than one while versions are exchanged. */
  schemas: Array<string | null>;
  queue: Awaited<ReturnType<typeof queueDepth>>;
  reasons: FailingReason[];
  alerts: Alert[];
  /** The malware scanner; null if nothing is scanned here. */
  scan: ScanHealth | null;
  /** How far the vault is with reading what is in files; null if it does not. */
  reading: ReadingHealth | null;
}

/** The status for this person: only what they could see in Slack; for an admin also the state of the vault. */
export async function vaultStatus(vault: Vault, { userId }: { userId: string }): Promise<VaultStatus> {
  const { catalog, rights, identity } = vault;
  const { teamId } = identity;
  const [channelIds, isAdmin] = await Promise.all([rights.visibleChannels(userId), rights.isAdmin(userId)]);
  const viewer = { teamId, channelIds, userId };
  const [waiting, failures, leftOut, outside, unkept, admin] = await Promise.all([
    onTheWay(catalog, viewer, ON_THE_WAY),
    beingRetried(catalog, viewer, FAILED),
    notKept(catalog, viewer, NOT_KEPT),
    links(catalog, viewer),
    unkeptSums(catalog, { teamId, channelIds, whole: false }),
    isAdmin ? adminStatus(vault, userId) : null,
  ]);
  const files = { onTheWay: waiting, failures, notKept: leftOut, links: outside };
  const { bucketAwaySince = null } = vault;
  const places = [waiting, failures, leftOut].flatMap((some) => some.files.map((file) => file.channelId));
  const names = await namesShown(vault, userId, { people: [], channels: places });
  return { now: vault.now(), ...files, isWhole: unkept.notKept.length === 0, bucketAwaySince, admin, names };
}

async function adminStatus(vault: Vault, userId: string): Promise<AdminStatus> {
  const { catalog, bucket, bucketAwaySince, identity, now } = vault;
  const { teamId } = identity;
  const [queue, reasons, health, alerts, missingIndexes, schemas, scan, reading] = await Promise.all([
    queueDepth(catalog),
    failingReasons(catalog, teamId, now()),
    vaultHealth(vault),
    openAlerts(catalog, teamId),
    missingTextIndexes(catalog),
    botSchemas(catalog),
    scanHealth(vault, userId),
    readingHealth(vault),
  ]);
  return {
    version: VERSION,
    bucket: bucket.name,
    proof: bucketAwaySince === undefined ? bucket.capabilities.proof : null,
    database: catalog.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    slowSearch: missingIndexes.length > 0,
    schemas,
    queue,
    reasons,
    scan,
    reading,
    ...health,
    // Failures are in `reasons` above.
    alerts: alerts.map(({ alert }) => alert).filter(({ kind }) => kind !== 'failing'),
  };
}
