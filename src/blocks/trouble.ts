/** What is wrong with the vault, for those who can mend it: their message, App Home and `/vault status`. */
import type { KnownBlock } from '@slack/types';
import type { FindingCounts, FindingKind } from '../catalog/watch/findings.ts';
import type { Trouble, TroubleRow } from '../catalog/watch/troubles.ts';
import { actions, button, context, firstOf, type Screen, section, sectionsOf } from './elements.ts';
import { channel, code, moment, quietName } from './mrkdwn.ts';
import { failureSentence } from './state.ts';
import { common } from './wording.ts';
import { findingWords, NEEDS_ADMIN, remedies, troubles as words } from './wording-status.ts';

const TROUBLES = 15;

/** A trouble and its remedy in a sentence or two of mrkdwn. */
export function troubleSentence(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'failing':
      return words.failing(trouble.files, failureReason(trouble));
    case 'scope':
      return words.scope(code(trouble.scope, 60));
    case 'removed':
      return words.removed(channel(trouble.channelId));
    case 'renewed':
      return words.renewed(quietName(trouble.name ?? trouble.from, 80), channel(trouble.to));
    case 'verify':
      return words.verify(findingsInWords(trouble.counts));
  }
}

/** Why files fail, and what an admin can do about it. */
export function failureReason(reason: { code: string | null; text: string | null }): string {
  const sentence = failureSentence({ errorCode: reason.code, errorText: reason.text });
  const remedy = reason.code !== null && Object.hasOwn(remedies, reason.code) ? remedies[reason.code] : null;
  // To an admin, the remedy says more than that an admin is needed.
  return remedy ? `${sentence.replace(NEEDS_ADMIN, '')} ${remedy}` : sentence;
}

/** That a trouble is over, in a sentence. */
function mendedSentence(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'failing': {
      const reason = failureSentence({ errorCode: trouble.code, errorText: trouble.text });
      return words.stored(reason.replace(NEEDS_ADMIN, ''));
    }
    case 'scope':
      return words.scopeBack(code(trouble.scope, 60));
    case 'removed':
      return words.back(channel(trouble.channelId));
    case 'renewed':
      return words.settled(quietName(trouble.name ?? trouble.from, 80));
    case 'verify':
      return words.agree;
  }
}

/** For a channel that may have another id now: the button with which an admin says that it is the same. */
export function sameChannel(trouble: Trouble): KnownBlock[] {
  if (trouble.kind !== 'renewed') return [];
  const name = quietName(trouble.name ?? trouble.from, 40);
  const value = `${trouble.from} ${trouble.to}`;
  return actions([
    button({ actionId: 'same_channel', text: words.same, label: words.sameLabel(name), value }),
  ]);
}

/** `2 missing, 1 unknown`. */
export function findingsInWords(counts: FindingCounts): string {
  const found = Object.entries(counts).filter(([, n]) => n > 0);
  return found.map(([kind, n]) => `${n} ${findingWords[kind as FindingKind]}`).join(', ');
}

/** To the admins: what is wrong; edited as things are mended or come up within the hour. */
export function troubleMessage({ troubles }: { troubles: TroubleRow[] }): Screen {
  const open = troubles.filter(({ clearedAt }) => clearedAt === null);
  if (troubles.length === 0) return { text: words.mendedText, blocks: [section(words.nothing)] };
  const { shown, more } = firstOf(troubles, TROUBLES);
  const lines = shown.map(({ trouble, clearedAt }) =>
    clearedAt === null
      ? words.line(troubleSentence(trouble))
      : words.mended(mendedSentence(trouble), moment(clearedAt)),
  );
  const [first] = open;
  return {
    text: first === undefined ? words.mendedText : words.text(troubleSentence(first.trouble)),
    blocks: [
      section(open.length > 0 ? words.title(open.length) : words.titleMended),
      ...sectionsOf([...lines, ...(more > 0 ? [common.more(more)] : [])]),
      ...open.flatMap(({ trouble }) => sameChannel(trouble)).slice(0, TROUBLES),
      context(open.length > 0 ? words.hint : words.mendedHint),
    ],
  };
}
