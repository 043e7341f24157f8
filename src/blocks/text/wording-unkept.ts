/**
 * What people read about files whose bytes the vault does not have: the only list of reasons in words, and the
 * sentences around them. Arguments are safe mrkdwn unless the comment says plain.
 */
import type { SkipReason } from '../../catalog/model.ts';
import type { UnkeptSums } from '../../catalog/totals/stats.ts';
import { BOT_HANDLE, COMMAND } from '../../text/handles.ts';
import { common, count, numbers } from './wording.ts';

/** A reason in the forms that screens need. */
export interface ReasonWords {
  /** After "Not saved: "; with a capital and a full stop it is a sentence. */
  why: string;
  /** In brackets after a name, if fewer words are enough. */
  brief?: string;
  /** After a number, in sums. */
  sum: string;
  /** What people who run the vault can do about it, if anything. */
  remedy?: string;
}

export const reasons: Record<SkipReason, ReasonWords> = {
  external: {
    why: 'it is outside Slack, so only its link is saved',
    brief: 'link only',
    sum: 'outside Slack',
  },
  hidden_by_limit: {
    why: 'hidden by Slack’s plan',
    sum: 'hidden by Slack’s plan',
    remedy: 'A paid plan of Slack shows it again.',
  },
  tombstone: {
    why: 'it was already deleted in Slack',
    sum: 'deleted in Slack',
  },
  deleted_in_slack: {
    why: 'it was deleted in Slack before it could be fetched',
    sum: 'deleted in Slack',
  },
  access_denied: {
    why: 'Slack does not show it to me',
    sum: 'not shown to me',
    remedy: 'Check that I am in its channel, and that the app has every scope of `manifest.yml`.',
  },
  too_large: {
    why: 'larger than this channel allowed',
    brief: 'too large',
    sum: 'too large',
    remedy: `\`VAULT_MAX_FILE_BYTES\` or \`${COMMAND} channel\` sets how large a file may be.`,
  },
  excluded_type: {
    why: 'files of its type are not saved here',
    brief: 'this type is not saved here',
    sum: 'of a type not saved',
    remedy: `\`VAULT_EXCLUDE_TYPES\` or \`${COMMAND} channel\` sets which types are saved.`,
  },
  other_org: {
    why: 'somebody of another organisation shared it',
    brief: 'of another organisation',
    sum: 'of other organisations',
    remedy: `\`VAULT_EXTERNAL\` or \`${COMMAND} channel\` sets whether they are saved.`,
  },
  capture_off: {
    why: 'saving was switched off here when it was shared',
    brief: 'nothing is saved here',
    sum: 'while saving was switched off',
  },
  not_found: {
    why: 'Slack does not have it any more',
    sum: 'no longer in Slack',
    remedy: 'Every sweep looks for it again.',
  },
  not_in_channel: {
    why: 'I was not in its channel',
    sum: 'while I was not in the channel',
    remedy: `To save it, type \`/invite @${BOT_HANDLE}\` in its channel.`,
  },
  no_content: {
    why: 'Slack offers nothing to fetch',
    sum: 'not offered by Slack',
    remedy: 'For a Slack List, add the scope `lists:read`, and reinstall the app.',
  },
};

/** For an `access_denied` that no scope changes. */
export const refusedToBots: ReasonWords = {
  why: 'Slack shows it to people only, not to apps',
  sum: reasons.access_denied.sum,
};

/** For a file without a reason, and for a reason that is not in this list. */
export const unknownReason: ReasonWords = { why: 'it could not be fetched', sum: 'for other reasons' };

export const unkept = {
  link: (service: string) => `${service}, link only`,
  linkOnly: 'Link only',
  notKept: (why: string) => `Not saved: ${why}`,
  retried: (why: string) => `Being retried: ${why}`,
  tooLarge: (limit: string) => `larger than this channel allows (${limit})`,
  tooLargeBrief: (limit: string) => `larger than ${limit}`,
  type: (type: string) => `files of type ${type} are not saved here`,
  open: 'Open',
  openInSlack: 'Open in Slack',
  /** The answer to `/vault get`. */
  card: (name: string) => `Not saved: ${name}`,
  /** Plain. */
  openLabel: (plainName: string) => `Open where it lives: ${plainName}`,
  /** Plain. */
  openInSlackLabel: (plainName: string) => `Open in Slack: ${plainName}`,
};

/** In the confirmation, after "Not saved: ". */
export const notKeptLine = {
  file: (name: string, reason: string) => `${name} (${reason})`,
  more: (n: number) => `and ${numbers.format(n)} more`,
};

/** In `/vault status` and App Home. */
export const notKeptGroup = {
  title: (n: string) => `*Not saved* · ${n}`,
  files: (n: number, atLeast: boolean) => `${atLeast ? 'at least ' : ''}${count(n, 'file')}`,
  links: (n: number, atLeast: boolean) =>
    `:link: ${atLeast ? 'At least ' : ''}${count(n, 'file')} ${n === 1 ? 'lives' : 'live'} outside Slack (Google Drive and the like): ${n === 1 ? 'its link is' : 'their links are'} saved.`,
};

/** The number for each reason in words: two reasons may have the same words. */
export function sumsByWord(parts: Iterable<readonly [string, number]>): Map<string, number> {
  const byWord = new Map<string, number>();
  for (const [reason, n] of parts) {
    const { sum } = Object.hasOwn(reasons, reason) ? reasons[reason as SkipReason] : unknownReason;
    byWord.set(sum, (byWord.get(sum) ?? 0) + n);
  }
  return byWord;
}

/** `12 more are not saved: 8 links, 4 too large · 2 on their way`; empty when there is nothing to say. */
export function unkeptInWords({ notKept, waiting }: UnkeptSums): string {
  const files = notKept.reduce((sum, part) => sum + part.files, 0);
  const byWord = sumsByWord(notKept.map(({ reason, files: n }) => [reason, n] as const));
  const parts = [...byWord].map(([word, n]) =>
    word === reasons.external.sum ? count(n, 'link') : `${numbers.format(n)} ${word}`,
  );
  return common.joined([
    files === 0
      ? ''
      : `${numbers.format(files)} more ${files === 1 ? 'is' : 'are'} not saved: ${parts.join(', ')}`,
    waiting === 0 ? '' : `${numbers.format(waiting)} on ${waiting === 1 ? 'its' : 'their'} way`,
  ]);
}
