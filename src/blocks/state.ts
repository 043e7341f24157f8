/** Where a file stands and why, in words. */
import type { FileRow, Proof, SkipReason } from '../catalog/model.ts';
import { linkTo, safeLink, serviceOf } from './links.ts';
import { moment, quietName } from './mrkdwn.ts';
import { sizeInWords } from './size.ts';
import { common, errorSentences, proofSentences, skipSentences, states } from './wording.ts';
import { unkept, whyNotKept } from './wording-kept.ts';

type Stand = Pick<FileRow, 'state' | 'reason' | 'errorCode' | 'errorText' | 'dueAt'>;
type Described = Pick<
  FileRow,
  'name' | 'filetype' | 'mimetype' | 'size' | 'externalUrl' | 'permalink' | 'slackDeletedAt'
>;
/** The most bytes that the channel takes, where that is known. */
type Limit = number | null | undefined;

/**
 * A line under a file that is not simply in the vault, with a link to where it can be had; empty for one that is.
 * `now` is in ms.
 */
export function stateNote(file: Stand & Described, now: number, maxBytes?: Limit): string {
  switch (file.state) {
    case 'stored':
      return '';
    case 'pending':
    case 'storing':
      return states.onItsWay;
    case 'skipped':
      return common.joined([unkeptNote(file, maxBytes), openLink(file)]);
    case 'failed':
      return `:warning: ${failureSentence(file)} ${nextTry(file.dueAt, now)}`.trimEnd();
    case 'trashed':
      return states.trashed;
    case 'purged':
      return states.purged;
  }
}

/** The same in a list, where no title says that failed files are tried again. */
export function listNote(file: Stand & Described, now: number, maxBytes?: Limit): string {
  if (file.state !== 'failed' || file.dueAt === null) return stateNote(file, now, maxBytes);
  return `:warning: ${unkept.retried(failureSentence(file))} ${nextTry(file.dueAt, now)}`;
}

function unkeptNote(file: Stand & Described, maxBytes: Limit): string {
  const why = whySkipped(file, maxBytes);
  return file.reason === 'external' ? why : `:information_source: ${why}`;
}

/** What a skipped file is instead of being kept: `Google Drive, link only`, `Not kept: hidden by Slack’s plan`. */
export function whySkipped(file: Stand & Described, maxBytes?: Limit): string {
  const { reason } = file;
  if (reason === null) return unkept.notKept(unkept.unknownReason);
  if (reason === 'external') {
    const service = serviceOf(file);
    return service === null ? unkept.linkOnly : unkept.link(service);
  }
  // What is taken now may be more than it was then.
  const isOver = typeof maxBytes === 'number' && (file.size === null || file.size > maxBytes);
  if (reason === 'too_large' && isOver) return unkept.notKept(unkept.tooLarge(sizeInWords(maxBytes)));
  const type = /\.([a-z0-9]{1,12})$/i.exec(file.name ?? '')?.[1]?.toLowerCase() ?? file.filetype;
  if (reason === 'excluded_type' && type) return unkept.notKept(unkept.type(quietName(type, 20)));
  return unkept.notKept(whyNotKept[reason]);
}

/** Reasons after which Slack has nothing to open. */
const GONE: readonly SkipReason[] = ['hidden_by_limit', 'tombstone', 'deleted_in_slack', 'not_found'];

/** Where a file that the vault does not have can be opened: at home, where Slack knows only a link, else in Slack. */
export function whereToOpen(
  file: Pick<FileRow, 'state' | 'reason' | 'externalUrl' | 'permalink' | 'slackDeletedAt'>,
): { url: string; inSlack: boolean } | null {
  const home = safeLink(file.externalUrl);
  if (home !== null) return { url: home, inSlack: false };
  const inSlack = safeLink(file.permalink);
  const isThere = file.slackDeletedAt === null && !(file.reason !== null && GONE.includes(file.reason));
  return file.state !== 'stored' && inSlack !== null && isThere ? { url: inSlack, inSlack: true } : null;
}

/** A section holds 3,000 units, and the name and the facts need some; Details has a button for a longer address. */
const LONGEST_LINK = 2_000;

function openLink(file: Parameters<typeof whereToOpen>[0]): string {
  const open = whereToOpen(file);
  if (open === null) return '';
  const link = linkTo(open.url, open.inSlack ? unkept.openInSlack : unkept.open);
  return link.length <= LONGEST_LINK ? link : '';
}

/** Why a file is recorded without its bytes. */
export function skipSentence(reason: SkipReason | null): string {
  return reason === null ? states.notKept : skipSentences[reason];
}

/** Why the last attempt failed: our sentence for a code that we know, else the recorded one. */
export function failureSentence(file: Pick<FileRow, 'errorCode' | 'errorText'>): string {
  if (file.errorCode !== null && Object.hasOwn(errorSentences, file.errorCode)) {
    return errorSentences[file.errorCode] ?? states.failed;
  }
  const recorded = file.errorText?.trim();
  return recorded ? quietName(recorded, 300) : states.failed;
}

/** How we know that the bucket holds the bytes that Slack sent. */
export function proofSentence(proof: Proof | null): string {
  return proof === null ? '' : proofSentences[proof];
}

/** When a failed file is tried again; `now` and `dueAt` are in ms. */
export function nextTry(dueAt: number | null, now: number): string {
  if (dueAt === null) return '';
  return dueAt <= now ? states.tryingNow : states.nextTry(moment(dueAt));
}
