/** The state of a file and the reason, in words. */
import type { FileRow, Proof, SkipReason } from '../catalog/model.ts';
import { linkTo, safeLink, serviceOf } from './kit/links.ts';
import { moment, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { common, errorSentences, proofSentences, states } from './text/wording.ts';
import { type ReasonWords, reasons, refusedToBots, unkept, unknownReason } from './text/wording-unkept.ts';

type Stand = Pick<FileRow, 'state' | 'reason' | 'errorCode' | 'errorText' | 'dueAt'>;
type Described = Pick<
  FileRow,
  'name' | 'filetype' | 'mimetype' | 'size' | 'externalUrl' | 'permalink' | 'slackDeletedAt'
>;
/** The most bytes that the channel takes, if that is known. */
type Limit = number | null | undefined;

/**
 * A line under a file that is not simply in the vault, with a link to the place where it can be opened; empty for one
 * that is. `now` is in ms.
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

/** The same for a list without a title that says that failed files are tried again. */
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
  if (reason === 'external') {
    const service = serviceOf(file);
    return service === null ? unkept.linkOnly : unkept.link(service);
  }
  // The channel may take larger files now than it did then.
  const isOver = typeof maxBytes === 'number' && (file.size === null || file.size > maxBytes);
  if (reason === 'too_large' && isOver) return unkept.notKept(unkept.tooLarge(sizeInWords(maxBytes)));
  const type = /\.([a-z0-9]{1,12})$/i.exec(file.name ?? '')?.[1]?.toLowerCase() ?? file.filetype;
  if (reason === 'excluded_type' && type) return unkept.notKept(unkept.type(quietName(type, 20)));
  return unkept.notKept(reasonWords(file).why);
}

/** Reasons after which Slack has nothing to open. */
const GONE: readonly SkipReason[] = ['hidden_by_limit', 'tombstone', 'deleted_in_slack', 'not_found'];

/** Where to open a file that the vault does not have: in its own service if Slack knows only a link, else in Slack. */
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

/** A file that was not kept, and the facts that say why. */
export type LeftOut = Pick<FileRow, 'reason'> &
  Partial<Pick<FileRow, 'errorCode' | 'externalUrl' | 'filetype' | 'mimetype'>>;

/** The words for why a file is recorded without its bytes. */
export function reasonWords({ reason, errorCode }: LeftOut): ReasonWords {
  if (reason === null) return unknownReason;
  return reason === 'access_denied' && errorCode === 'refused_to_bots' ? refusedToBots : reasons[reason];
}

/** The same as a sentence. */
export function skipSentence(file: LeftOut): string {
  const { why } = reasonWords(file);
  return `${why.slice(0, 1).toUpperCase()}${why.slice(1)}.`;
}

/** The same in brackets after a name. */
export function briefReason(file: LeftOut, maxBytes?: Limit): string {
  const { externalUrl = null, filetype = null, mimetype = null } = file;
  const service = file.reason === 'external' ? serviceOf({ externalUrl, filetype, mimetype }) : null;
  if (service !== null) return unkept.link(service);
  if (file.reason === 'too_large' && typeof maxBytes === 'number')
    return unkept.tooLargeBrief(sizeInWords(maxBytes));
  const { brief, why } = reasonWords(file);
  return brief ?? why;
}

/** Why the last attempt failed: our sentence for a known code, else the recorded one. */
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
