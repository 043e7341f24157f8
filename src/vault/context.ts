import type { Catalog } from '../catalog/db/open.ts';
import type { ScanMode } from '../catalog/scan/model.ts';
import type { Charts } from '../charts/charts.ts';
import type { Policy } from '../config.ts';
import type { ReadingRoom } from '../contents/room.ts';
import type { Line } from '../doctor/check.ts';
import type { Replies } from '../export/replies.ts';
import type { Log } from '../log.ts';
import type { Meters } from '../metrics/metrics.ts';
import type { Scanner } from '../scan/scanner.ts';
import type { SlackApi } from '../slack/api.ts';
import type { Coverage } from '../slack/coverage.ts';
import type { Identity } from '../slack/identity.ts';
import type { People } from '../slack/people.ts';
import type { Bucket } from '../storage/bucket.ts';
import type { ObjectLock } from '../storage/legal-hold.ts';
import type { Redraws } from './redraws.ts';
import type { Rights } from './rights.ts';

/** What events, commands and actions work with. `app.ts` makes it. */
export interface Vault {
  catalog: Catalog;
  /** Its place is known at once. What it can do, and its Object Lock, only when it has answered. */
  bucket: Bucket;
  /** Set while the bucket has not answered since the start: since when (ms). */
  bucketAwaySince?: number | undefined;
  slack: SlackApi;
  identity: Identity;
  people: People;
  rights: Rights;
  coverage: Coverage;
  charts: Charts;
  policy: Policy;
  /** Whether the bucket has S3's Object Lock: held files are held there too. `unknown`: the vault may not ask. */
  objectLock: ObjectLock;
  /** What is asked before a file is given out; missing only in tests. */
  scan?: ScanGate | undefined;
  /** Whether there is room to read files here; missing only in tests. */
  room?: ReadingRoom | undefined;
  /** Ways to answer people who wait for an export. */
  replies: Replies;
  /** How to draw anew what stands behind open windows. */
  redraws: Redraws;
  meters: Meters;
  /** What `/vault` can do, for screens that list it. */
  commands: readonly CommandHelp[];
  /** Looks at everything that the vault needs, in half a minute at most. Never throws. */
  examine(): Promise<readonly Line[]>;
  log: Log;
  /** Says that rows of these kinds (or of any) may be due, so that nobody waits for the next look. */
  wake(...kinds: WokenJob[]): void;
  now(): number;
}

/** What a command says about itself: what comes after `/vault`, one sentence, and whole lines to type. */
export interface CommandHelp {
  name: string;
  usage: string;
  summary: string;
  /** Whole lines to type, and what they do. */
  examples: ReadonlyArray<{ type: string; means: string }>;
  aliases?: readonly string[];
  /** Who may use it, if not everybody. */
  only?: 'admins' | 'auditors';
}

/** What the malware scanner means for people. */
export interface ScanGate {
  /**
   * Null without VAULT_SCAN. Unless another bot has one, what was found until it was taken away stays closed, and nothing
   * else is asked.
   */
  scanner: Scanner | null;
  /** Whether a file that the scanner could not look at is given out. */
  unscanned: 'block' | 'allow';
  /** What the other bots of this catalog do now; see scan/others.ts. */
  others?(): readonly ScanMode[];
}

/** Jobs that are woken by name, because the reasons to wake them are frequent. All other reasons wake all jobs. */
export type WokenJob =
  | 'capture'
  | 'change'
  | 'confirm'
  | 'home'
  | 'journal'
  | 'object hold'
  | 'old version'
  | 'read'
  | 'scan';
