/** What people read of files whose bytes the vault does not have. Arguments are safe mrkdwn unless the comment says plain. */
import type { SkipReason } from '../catalog/model.ts';
import type { UnkeptSums } from '../catalog/stats.ts';
import { common, count, numbers } from './wording.ts';
import { skipWords } from './wording-backfill.ts';

export const unkept = {
  link: (service: string) => `${service}, link only`,
  linkOnly: 'Link only',
  notKept: (why: string) => `Not kept: ${why}`,
  retried: (why: string) => `Being retried: ${why}`,
  tooLarge: (limit: string) => `larger than this channel takes (${limit})`,
  type: (type: string) => `files of type ${type} are left out here`,
  unknownReason: 'its bytes could not be had',
  otherReason: 'for other reasons',
  open: 'Open',
  openInSlack: 'Open in Slack',
  /** The answer to `/vault get`. */
  card: (name: string) => `Not in the vault: ${name}`,
  /** Plain. */
  openLabel: (plainName: string) => `Open ${plainName} where it lives`,
  /** Plain. */
  openInSlackLabel: (plainName: string) => `Open ${plainName} in Slack`,
};

/** After "Not kept: ". */
export const whyNotKept: Record<Exclude<SkipReason, 'external'>, string> = {
  hidden_by_limit: 'hidden by Slack’s plan',
  tombstone: 'it was already deleted in Slack',
  deleted_in_slack: 'it was deleted in Slack before it could be fetched',
  access_denied: 'Slack does not let me see it',
  too_large: 'larger than this channel took when it was shared',
  excluded_type: 'files of its type are left out here',
  capture_off: 'saving was switched off here when it was shared',
  not_found: 'Slack does not know it any more',
  not_in_channel: 'I was not in its channel when it was to be saved',
  no_content: 'it has no content of its own to fetch',
};

/** `12 more are not kept: 8 links, 4 too large · 2 on their way`; empty when there is nothing to say. */
export function unkeptInWords({ notKept, waiting }: UnkeptSums): string {
  const files = notKept.reduce((sum, part) => sum + part.files, 0);
  const byWord = new Map<string, number>();
  for (const { reason, files: n } of notKept) {
    const word = Object.hasOwn(skipWords, reason) ? skipWords[reason as SkipReason] : unkept.otherReason;
    byWord.set(word, (byWord.get(word) ?? 0) + n);
  }
  const parts = [...byWord].map(([word, n]) =>
    word === skipWords.external ? count(n, 'link') : `${numbers.format(n)} ${word}`,
  );
  return common.joined([
    files === 0
      ? ''
      : `${numbers.format(files)} more ${files === 1 ? 'is' : 'are'} not kept: ${parts.join(', ')}`,
    waiting === 0 ? '' : `${numbers.format(waiting)} on ${waiting === 1 ? 'its' : 'their'} way`,
  ]);
}
