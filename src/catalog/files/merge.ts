import { type Described, kindOf } from '../../file-kinds.ts';
import type { FileRecord } from '../db/schema.ts';
import { foldFile } from '../derived/fold.ts';
import type { SharedFile, SkipReason } from '../model.ts';
import { FORGET } from './forget.ts';

/**
 * How good a description of a file is. A worse one never overwrites a better one, in whatever order they arrive:
 * Slack repeats deliveries, delays them, and replaces files by stubs and tombstones.
 */
const KNOWN_AS = { hidden: 0, tombstone: 1, stub: 2, complete: 3 };

/** Reasons set by the owner: a channel may not want what another one keeps. */
export const UNWANTED: readonly SkipReason[] = ['capture_off', 'excluded_type', 'too_large', 'other_org'];

/**
 * Slack did not give the file when asked, and may give it the next time. Ends as soon as the file is seen anywhere,
 * even by its id alone.
 */
export const NOT_NOW: readonly SkipReason[] = [
  'hidden_by_limit',
  'access_denied',
  'not_found',
  'not_in_channel',
];

/**
 * Reasons that end as soon as the file is seen whole and wanted. The later in this list, the more is known. All other
 * reasons are final.
 */
const PASSING_REASONS: SkipReason[] = [
  'capture_off',
  ...NOT_NOW,
  ...(['tombstone', 'deleted_in_slack'] as const),
  ...(['excluded_type', 'too_large', 'other_org'] as const),
];

/**
 * True when a file skipped for this reason may be available now, and is worth asking for again, also by hand. The
 * owner's rules always hold.
 */
export function mayPass(reason: SkipReason | null): boolean {
  return reason !== null && NOT_NOW.includes(reason);
}

const DESCRIPTION = [
  'name',
  'title',
  'mimetype',
  'filetype',
  'mode',
  'size',
  'uploaderId',
  'createdAt',
  'url',
  'externalUrl',
  'permalink',
  'updatedAt',
  'parentId',
] as const;

type Description = Pick<FileRecord, (typeof DESCRIPTION)[number] | 'knownAs' | 'folded'>;

/** True when the catalog has the whole description of this file. */
export function isWhole(record: Pick<FileRecord, 'knownAs'>): boolean {
  return record.knownAs === KNOWN_AS.complete;
}

function knownAs(file: SharedFile): number {
  // In these modes Slack shows a file that it will not give: what they say is not worth keeping.
  if (file.mode === 'hidden_by_limit') return KNOWN_AS.hidden;
  if (file.mode === 'tombstone') return KNOWN_AS.tombstone;
  return file.complete ? KNOWN_AS.complete : KNOWN_AS.stub;
}

/** The description of a file that is new to the catalog. */
export function describe(file: SharedFile): Description {
  const description = Object.fromEntries(DESCRIPTION.map((field) => [field, file[field] ?? null]));
  const level = knownAs(file);
  // If Slack does not give a file, its mode is not the file's own; `reason` says it.
  const mode = level < KNOWN_AS.stub ? null : file.mode;
  return { ...description, mode, knownAs: level, folded: foldFile(file) } as Description;
}

/**
 * The description of a known file after one more delivery: the better one wins, field by field. A name that was to be
 * forgotten does not come back, whatever Slack still shows.
 */
export function mergeDescription(
  known: Description & Pick<FileRecord, 'forget'>,
  file: SharedFile,
): Description {
  if (known.forget === FORGET.done) return known;
  const told = describe(file);
  const [better, worse] = told.knownAs >= known.knownAs ? [told, known] : [known, told];
  const merged = Object.fromEntries(DESCRIPTION.map((field) => [field, better[field] ?? worse[field]]));
  const named = { name: merged.name as string | null, title: merged.title as string | null };
  return { ...merged, knownAs: better.knownAs, folded: foldFile(named) } as Description;
}

/**
 * When a file was last edited, as its record says. For a stored file, that is the edit that the stored bytes have. A
 * later edit is looked at first, and then written down.
 */
export function mergeUpdated(before: FileRecord, merged: Description): Pick<FileRecord, 'updatedAt'> {
  const isStored = before.state === 'stored' || before.state === 'trashed';
  return { updatedAt: isStored ? before.updatedAt : merged.updatedAt };
}

/**
 * True for a skipped file that Slack refuses for good: its record has the code of the refusal. It is asked for again
 * only when a person wants that.
 */
function isRefusedForGood(record: Pick<FileRecord, 'state' | 'reason' | 'errorCode'>): boolean {
  return record.state === 'skipped' && record.reason === 'access_denied' && record.errorCode !== null;
}

/** True when a skipped file comes back because it is seen once more. */
export function comesBack(
  known: Pick<FileRecord, 'state' | 'reason' | 'errorCode'>,
  seen: { isWhole: boolean },
): boolean {
  if (known.state !== 'skipped' || known.reason === null || isRefusedForGood(known)) return false;
  if (known.reason === 'capture_off' || NOT_NOW.includes(known.reason)) return true;
  return seen.isWhole && isPassing(known.reason);
}

type Standing = Pick<FileRecord, 'state' | 'reason' | 'dueAt' | 'attempts' | 'errorCode'>;

/** The code of a file that Slack shows to people and refuses to every bot, whatever its scopes. */
export const REFUSED_TO_BOTS = 'refused_to_bots';

/** A new file's first state. The transcript of a huddle is refused for good without asking. */
export function firstStanding(skip: SkipReason | undefined, dueAt: number, file: Described): Standing {
  if (!skip) return { state: 'pending', reason: null, dueAt, attempts: 0, errorCode: null };
  const isForPeople = skip === 'access_denied' && kindOf(file) === 'huddle_transcript';
  const errorCode = isForPeople ? REFUSED_TO_BOTS : null;
  return { state: 'skipped', reason: skip, dueAt: null, attempts: 0, errorCode };
}

/**
 * A known file's state after one more delivery, or null when that changes nothing. A file being stored, stored, or
 * deleted stays so: Slack does not decide any more what happens to it.
 */
export function nextStanding(
  known: FileRecord,
  file: SharedFile,
  skip: SkipReason | undefined,
  dueAt: number,
): Standing | null {
  const waits = known.state === 'pending' || known.state === 'failed';
  const told = knownAs(file);
  if (skip) {
    const isBetterKnown = known.knownAs === KNOWN_AS.complete && told < KNOWN_AS.complete;
    const isWantedElsewhere =
      skip === 'capture_off' || (known.knownAs === KNOWN_AS.complete && UNWANTED.includes(skip));
    // Whether Slack gives a waiting file is found out when it is asked for.
    const isAskedFor = NOT_NOW.includes(skip) && known.knownAs >= KNOWN_AS.stub;
    if (waits)
      return isBetterKnown || isWantedElsewhere || isAskedFor ? null : firstStanding(skip, dueAt, file);
    if (isRefusedForGood(known)) return null;
    if (known.state === 'skipped' && outranks(skip, known.reason)) return firstStanding(skip, dueAt, file);
    return null;
  }
  const isWhole = told === KNOWN_AS.complete;
  // A file that had no address has one now.
  const isOffered = known.state === 'skipped' && known.reason === 'no_content';
  const fillsIn = (waits || isOffered) && isWhole && known.knownAs < KNOWN_AS.complete;
  // Its message came: nothing more is waited for than Slack's own work on the file.
  const isSooner =
    known.state === 'pending' && known.attempts === 0 && known.dueAt !== null && dueAt < known.dueAt;
  const isDue = fillsIn || isSooner || comesBack(known, { isWhole });
  return isDue ? firstStanding(undefined, dueAt, file) : null;
}

function isPassing(reason: SkipReason | null): boolean {
  return reason !== null && PASSING_REASONS.includes(reason);
}

function outranks(reason: SkipReason, known: SkipReason | null): boolean {
  if (!isPassing(known)) return false;
  return !isPassing(reason) || PASSING_REASONS.indexOf(reason) > PASSING_REASONS.indexOf(known as SkipReason);
}
