import type { KnownBlock } from '@slack/types';
import { encodeButtonValue } from './kit/button-value.ts';
import { button, context, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { code, quietName, visibleName } from './kit/mrkdwn.ts';
import { common } from './text/wording.ts';
import { query as words } from './text/wording-query.ts';

/** How typed words were read, and where: for the button that searches again. */
export interface QueryNoteInput {
  notes: {
    notUnderstood: Array<{
      what: keyof typeof words.unknown;
      typed: string;
      nearest: string | null;
      /** The whole text with the nearest in its place. */
      instead: string | null;
      searched: boolean;
    }>;
    /** `read` and `other` are days such as `2026-03-04`. */
    twoDays: Array<{ typed: string; read: string; other: string; instead: string }>;
    bare: string[];
    without: string[];
    named: string[];
  };
  /** Empty for every channel. */
  channelId: string;
  /** Whether nothing was found: then words that could be part of a name are explained. */
  isEmpty: boolean;
}

/** More than these say no more. */
const MOST = 3;
const TYPED = 60;

/** Goes on top of what was found: what was not understood, with the nearest thing, and how the rest was read. */
export function queryNote({ notes, channelId, isEmpty }: QueryNoteInput): KnownBlock[] {
  const { notUnderstood, twoDays, without, named, bare } = notes;
  const typed = (text: string) => code(text, TYPED);
  const again = (text: string, instead: string | null, shown: string): KnownBlock => {
    const value = instead === null ? null : encodeButtonValue(channelId, instead);
    if (value === null) return section(text);
    const label = words.instead(visibleName(shown, limits.buttonText - 10));
    return section(text, button({ actionId: 'search_instead', text: label, label, value }));
  };
  const unknown = notUnderstood.slice(0, MOST).map((one) => {
    if (one.nearest !== null)
      return again(words.nearest(typed(one.typed), typed(one.nearest)), one.instead, one.nearest);
    return context(
      one.searched ? words.searched(typed(one.typed)) : words.unknown[one.what](typed(one.typed)),
    );
  });
  const either = twoDays
    .slice(0, MOST)
    .map((one) =>
      again(words.twoDays(typed(one.typed), dayName(one.read), dayName(one.other)), one.instead, one.other),
    );
  const listed = (some: string[]) => some.slice(0, 6).map((one) => typed(one));
  const small = common.joined([
    named.length === 0 ? '' : words.named(listed(named)),
    without.length === 0 ? '' : words.without(listed(without)),
    isEmpty && bare.length > 0 ? words.bare(quietName(bare[0], TYPED)) : '',
  ]);
  return [...unknown, ...either, ...(small === '' ? [] : [context(small)])];
}

/** `2026-03-04` as `March 4, 2026`. */
function dayName(day: string): string {
  const format = { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' } as const;
  return new Date(`${day}T00:00Z`).toLocaleDateString('en-US', format);
}
