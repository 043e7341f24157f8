import type { Catalog } from '../catalog/db/open.ts';
import type { Scope } from '../catalog/db/schema.ts';
import { inTransaction } from '../catalog/db/transaction.ts';
import { type KnownOfChannel, upsertChannel } from '../catalog/files/channels.ts';
import { type RecordedFile, recordSharesIn } from '../catalog/files/shares.ts';
import type { Overrides } from '../catalog/governance/rule-model.ts';
import { overridesAmong, overridesOfFile } from '../catalog/governance/rules.ts';
import type { ConfirmMode, FileRef, SharedFile, Sighting, SkipReason } from '../catalog/model.ts';
import { keepsWords, type TextMode } from '../text-modes.ts';
import { withoutNewWords } from './words.ts';

/** Which files the owner does not want to keep. It applies where a channel has no rules of its own. */
export interface KeepPolicy {
  maxFileBytes: number;
  excludeTypes: ReadonlySet<string>;
  /** How people are told what happens to files. Without it, nobody is told about files that are not kept. */
  confirm?: ConfirmMode;
  /** Whether files of other organisations' people are kept; missing: they are. */
  external?: 'keep' | 'record';
  /** What is kept of what was said with files, where a channel has no setting of its own. Missing: nothing. */
  text?: TextMode;
  /** How long an edited file must be quiet before it is looked at, in ms. */
  versionQuietMs?: number;
}

/** Marks what Slack showed when asked, at this moment (ms) or later. An event reports a change; this is the state. */
export function shownSince(askedAt: number, sightings: readonly Sighting[]): Sighting[] {
  return sightings.map((sighting) => ({ ...sighting, share: { ...sighting.share, askedAt } }));
}

/** A file known only from `file_shared` waits this long for its message, which says more and costs no call. */
const STUB_PATIENCE_MS = 5_000;

/** A file that Slack still prepares when its message comes is asked for so soon (NousResearch/hermes-agent#45407). */
const PREPARED_AFTER_MS = 1_000;

export interface ReceiveOptions {
  teamId: string;
  botUserId: string;
  policy: KeepPolicy;
  now: number;
  backfillId?: number;
  /** When to fetch each that is new (ms), by its place among them; if missing, at once. */
  dueAt?: (place: number) => number;
  /** What the same event says about the channel where the files were seen. */
  channel?: KnownOfChannel | undefined;
}

/**
 * Writes down what was seen, in one transaction: when this returns, no crash can lose it. Returns how many files
 * now wait for capture. Repeats are harmless. Files that the bot itself shared are not kept.
 */
export async function receive(
  catalog: Catalog,
  options: ReceiveOptions,
  sightings: Sighting[],
): Promise<number> {
  const { botUserId, channel } = options;
  const foreign = sightings.filter(
    ({ file, share }) => file.uploaderId !== botUserId && share.userId !== botUserId,
  );
  if (foreign.length === 0 && channel === undefined) return 0;
  return inTransaction(catalog, async (scope) => {
    const outcomes = await recordReceived(scope, options, foreign);
    const due = outcomes.filter(({ state }) => state === 'pending').length;
    // Last, because this locks the channel: others who receive something in it wait until the transaction ends.
    if (channel !== undefined) await upsertChannel(scope, channel);
    return due;
  });
}

/**
 * Writes down what was seen under the channels' rules, in the caller's transaction. Returns what became of each, in the order
 * given.
 */
export async function recordReceived(
  scope: Scope,
  { teamId, policy, now, backfillId, dueAt: wanted }: Omit<ReceiveOptions, 'botUserId'>,
  sightings: Sighting[],
): Promise<RecordedFile[]> {
  const channelIds = sightings.map(({ share }) => share.channelId);
  const rules = await overridesAmong(scope, teamId, channelIds);
  const keeps = (channelId: string) => keepsWords(rules.get(channelId)?.text ?? policy.text);
  const kept = sightings.map((one) => (keeps(one.share.channelId) ? one : withoutNewWords(one)));
  const found = kept.map(({ file, share, skip, quiet = false }, place) => {
    const reason = skip ?? leftOut(file, policy, rules.get(share.channelId));
    const patience = share.ts === null ? STUB_PATIENCE_MS : PREPARED_AFTER_MS;
    const dueAt = wanted?.(place) ?? (file.complete ? now : now + patience);
    return {
      ...{ file, share, dueAt, quiet },
      ...(reason === undefined ? {} : { skip: reason }),
      ...(backfillId === undefined ? {} : { backfillId }),
    };
  });
  return recordSharesIn(scope, teamId, found, now, policy.confirm, policy.versionQuietMs);
}

/** Why the rules of the channel where it was seen leave a file out; undefined when they do not. */
export function leftOut(
  file: Judged,
  policy: KeepPolicy,
  own: Overrides | undefined,
): SkipReason | undefined {
  return own?.capture === false ? 'capture_off' : unwanted(file, policyIn(policy, own));
}

/** The policy for a channel with rules of its own. */
export function policyIn(policy: KeepPolicy, own: Overrides | undefined): KeepPolicy {
  return {
    maxFileBytes: own?.maxFileBytes ?? policy.maxFileBytes,
    excludeTypes: own?.excludeTypes ? new Set(own.excludeTypes) : policy.excludeTypes,
    external: own?.external ?? policy.external ?? 'keep',
    ...textOf(own?.text ?? policy.text),
  };
}

const textOf = (text: TextMode | undefined) => (text === undefined ? {} : { text });

/** The limits for a file shared in several channels, each with its own rules: one channel that takes it is enough. */
export type Limits = Awaited<ReturnType<typeof policiesFor>>;

/** Reads the rules for one file from the catalog. Channels that are switched off take nothing. */
export async function policiesFor(
  catalog: Catalog,
  ref: FileRef,
  policy: KeepPolicy,
): Promise<{
  unwanted(file: Judged): SkipReason | undefined;
  maxFileBytes: number;
  /** Whether a file of another organisation's people is kept: one channel that keeps it is enough. */
  external: 'keep' | 'record';
  /** Whether what Slack tells of the file itself is kept for searches: one channel that keeps it is enough. */
  words: boolean;
}> {
  const own = await overridesOfFile(catalog, ref);
  const on = own.filter(({ capture }) => capture !== false);
  if (own.length > 0 && on.length === 0) {
    return { unwanted: () => 'capture_off', maxFileBytes: 0, external: 'record', words: false };
  }
  const policies = own.length === 0 ? [policy] : on.map((rules) => policyIn(policy, rules));
  return {
    unwanted: (file) => {
      const reasons = policies.map((one) => unwanted(file, one));
      return reasons.includes(undefined) ? undefined : reasons[0];
    },
    maxFileBytes: Math.max(...policies.map(({ maxFileBytes }) => maxFileBytes)),
    external: policies.every(({ external }) => external === 'record') ? 'record' : 'keep',
    words: policies.some(({ text }) => keepsWords(text)),
  };
}

type Judged = Pick<SharedFile, 'name' | 'filetype' | 'size'>;

/** Why the policy leaves this file out; undefined when it does not. */
function unwanted(file: Judged, policy: KeepPolicy): SkipReason | undefined {
  if (file.size !== null && file.size > policy.maxFileBytes) return 'too_large';
  const extension = file.name?.includes('.')
    ? file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase()
    : '';
  const excluded =
    policy.excludeTypes.has(extension) || policy.excludeTypes.has(file.filetype?.toLowerCase() ?? '');
  return excluded ? 'excluded_type' : undefined;
}
