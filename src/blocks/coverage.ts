import type { KnownBlock } from '@slack/types';
import { actions, button, context, firstOf, type Screen, section } from './kit/elements.ts';
import { channel } from './kit/mrkdwn.ts';
import { common } from './text/wording.ts';
import { coverage as words } from './text/wording-coverage.ts';

/** So many have a line of their own in the list. */
const LISTED = 30;

export interface NotSavedInput {
  channelId: string;
  /** Why *Join all* leaves it out; null or missing if it does not. */
  bar?: 'removed' | 'shared' | 'except' | null;
  isOnItsWay?: boolean;
}

export interface CoverageInput {
  saved: number;
  /** Null when Slack has not said it. */
  total: number | null;
  atLeast: boolean;
  /** Public channels that are not saved, the largest first. */
  notSaved: readonly NotSavedInput[];
  /** So many would be joined by *Join all*. */
  joinable: number;
  /** So many are being joined. */
  onTheirWay?: number;
  /** False: the app lacks the scope, so people have to invite the bot. */
  mayJoin: boolean;
}

/** Public channels that are not saved, a line each with *Join*, then *Join all*. For admins; nothing if all are saved. */
export function notSavedBlocks(
  input: CoverageInput,
  most: number,
  extra: 'list' | null = null,
): KnownBlock[] {
  const { saved, total, notSaved, joinable, onTheirWay = 0, mayJoin } = input;
  if (notSaved.length === 0) return [];
  const { shown } = firstOf(notSaved, most);
  const more = Math.max(notSaved.length, (total ?? 0) - saved) - shown.length;
  const buttons = [
    ...(mayJoin && joinable > 1
      ? [
          button({
            ...{ actionId: 'join_all', value: 'all' },
            ...{ text: words.joinAll(joinable), label: words.joinAllLabel(joinable) },
          }),
        ]
      : []),
    ...(extra === 'list' && more > 0
      ? [button({ actionId: 'coverage', text: words.list, label: words.listLabel, value: 'all' })]
      : []),
  ];
  return [
    ...shown.map((one) => lineOf(one, mayJoin)),
    ...(more > 0 ? [context(common.more(more))] : []),
    ...(onTheirWay > 0 ? [context(words.joining(onTheirWay))] : []),
    ...actions(buttons),
    ...(mayJoin ? [] : [context(words.invite)]),
  ];
}

function lineOf({ channelId, bar = null, isOnItsWay = false }: NotSavedInput, mayJoin: boolean): KnownBlock {
  const notes = [...(bar === null ? [] : [words.bars[bar]]), ...(isOnItsWay ? [words.onItsWay] : [])];
  const text = common.joined([channel(channelId), ...notes]);
  if (!mayJoin || isOnItsWay) return section(text);
  const label = words.joinLabel;
  return section(text, button({ actionId: 'join_channel', text: words.join, label, value: channelId }));
}

/** Which public channels are saved, and which are not. `note` says what was just done. */
export function coverageScreen(input: CoverageInput & { note?: string | null }): Screen {
  const { notSaved, note = null } = input;
  const title = `${words.title} · ${coverageInWords(input)}`;
  return {
    text: title,
    blocks: [
      ...(note === null ? [] : [section(note)]),
      section(title),
      context(words.private),
      ...(notSaved.length === 0 ? [] : [section(words.notSaved)]),
      ...notSavedBlocks(input, LISTED),
    ],
  };
}

/** `24 of 30 public channels saved`. */
export function coverageInWords({
  saved,
  total,
  atLeast,
}: Pick<CoverageInput, 'saved' | 'total' | 'atLeast'>): string {
  return total === null ? words.savedOfUnknown(saved) : words.saved(saved, total, atLeast);
}

/** What was just done. */
export const joinedNote = (channelId: string) => words.joined(channel(channelId));
export const joiningNote = (n: number) => (n === 0 ? words.noneToJoin : words.joiningAll(n));
