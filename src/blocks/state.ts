/** Where a file stands and why, in words. */
import type { FileRow, Proof, SkipReason } from '../catalog/model.ts';
import { moment, quietName } from './mrkdwn.ts';
import { errorSentences, proofSentences, skipSentences, states } from './wording.ts';

type Stand = Pick<FileRow, 'state' | 'reason' | 'errorCode' | 'errorText' | 'dueAt'>;

/** A line under a file that is not simply in the vault; empty for one that is. `now` is in ms. */
export function stateNote(file: Stand, now: number): string {
  switch (file.state) {
    case 'stored':
      return '';
    case 'pending':
    case 'storing':
      return states.onItsWay;
    case 'skipped':
      return `:information_source: ${skipSentence(file.reason)}`;
    case 'failed':
      return `:warning: ${failureSentence(file)} ${nextTry(file.dueAt, now)}`.trimEnd();
    case 'trashed':
      return states.trashed;
    case 'purged':
      return states.purged;
  }
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
