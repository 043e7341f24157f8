import { fold } from '../../catalog/derived/fold.ts';
import { plainSigns } from '../../text/signs.ts';
import { type Draft, ofChannel } from './draft.ts';
import { nearestOf, SEARCH_NAMES } from './names.ts';
import { noteUnknown } from './notes.ts';
import type { Word } from './words.ts';

/** Looks like a filter: letters, a colon, and something directly after it that is no path. */
const FILTER_LIKE = /^([a-z][a-z0-9_-]{1,20}):(?![/\\:])(\S+)$/i;
/** A name's ending, or a time: then the colon is part of a name. */
const OF_A_NAME = /^\d|\.[a-z0-9]{1,5}$/i;

/** Reads a word, pattern or text in quotes that is part of a name, or must not be. */
export function readName(draft: Draft, word: Word): void {
  const { text } = word;
  if (word.quoted) {
    wanted(draft, word);
    return;
  }
  const channelId = channelCalled(draft, text);
  const [, name = '', value = ''] = FILTER_LIKE.exec(plainSigns(text)) ?? [];
  const near = nearestOf(name, SEARCH_NAMES);
  if (isMention(text)) noteUnknown(draft, 'person', word);
  else if (channelId !== undefined) ofChannel(draft, word, channelId);
  else if (near !== null) noteUnknown(draft, 'filter', word, `${near}:${value}`);
  else {
    if (name !== '' && !OF_A_NAME.test(value)) noteUnknown(draft, 'filter', word, null, true);
    wanted(draft, word);
  }
}

/** A person or group that Slack did not turn into an id. */
const isMention = (text: string) => /^(@\S|<!)/.test(text);

/** The channel that `#general` as plain text means. */
function channelCalled({ asking, channelNames }: Draft, text: string): string | undefined {
  const [, name] = /^#([\p{L}\p{N}_-]+)$/u.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (asking.channels === undefined) channelNames.push(name.toLowerCase());
  return asking.channels?.get(name.toLowerCase());
}

/** Has a star that stands for any text, and something else. */
const isPattern = (text: string) => text.includes('*') && /[^*\s]/.test(text);

function wanted({ filter, notes, free, phrases }: Draft, { text, not, quoted }: Word): void {
  if (/^[0-9a-f]{64}$/i.test(text) && !not && !quoted) filter.sha256 = text.toLowerCase();
  else if (!quoted && isPattern(text)) {
    const key = not ? 'notPatterns' : 'patterns';
    filter[key] = [...(filter[key] ?? []), text];
    (not ? notes.without : notes.named).push(text);
  } else if (!not) {
    free.push(text);
    if (quoted && /\s/.test(text.trim())) phrases.push(text);
  } else if (fold(text).trim() !== '') {
    filter.notText = [...(filter.notText ?? []), text];
    notes.without.push(text);
  }
}
