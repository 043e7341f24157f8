import { emptyRange, emptySizes, tooManyTypes, twoPeople } from '../../refusals/find.ts';
import { type Asking, type Draft, ofChannel, type Reading } from './draft.ts';
import { MOST_TYPES, soughtWords } from './most-words.ts';
import { filterNamed, nearestOf } from './names.ts';
import { noteUnknown, type QueryNotes } from './notes.ts';
import { readName } from './read-name.ts';
import { readTime } from './read-time.ts';
import { placeOfWords, searchWords } from './search-words.ts';
import { type Sizes, sizesOf } from './sizes.ts';
import { SORTS, sortOf } from './sort.ts';
import { typeMeant, typesOf } from './types.ts';
import type { Word } from './words.ts';

/**
 * Reads what a person typed to find files; docs/using.md has the whole language. What is not understood is left out
 * of the filter and stands in the notes. The text is decoded already (`readTyped`). Throws `UserError` for words that
 * contradict each other, and for too many.
 */
export function readQuery(query: string, asking: Asking): Reading {
  const notes: QueryNotes = { notUnderstood: [], twoDays: [], bare: [], without: [], named: [] };
  const draft: Draft = {
    ...{ query, asking, filter: {}, notes },
    ...{ channelNames: [], free: [], phrases: [], types: 0 },
  };
  for (const word of searchWords(query)) read(draft, word);
  return finished(draft);
}

function read(draft: Draft, word: Word): void {
  const about = word.filter === null ? undefined : filterNamed(word.filter.name);
  const value = word.filter?.value ?? '';
  if (word.phrase !== undefined) draft.notes.bare.push(word.phrase);
  if (word.person !== undefined && (about ?? 'from') === 'from') ofPerson(draft, word, word.person);
  else if (word.channel !== undefined && (about ?? 'in') === 'in') ofChannel(draft, word, word.channel);
  else if (about === undefined) readName(draft, word);
  else if (about === 'from') ofNamed(draft, word, value);
  else if (about === 'in') ofChannelNamed(draft, word, value);
  else if (about === 'type') ofType(draft, word, value);
  else if (about === 'sha256') ofDigest(draft, word, value);
  else if (about === 'sort') ofSort(draft, word, value);
  else if (about === 'words') readName(draft, { ...word, text: value, filter: null, quoted: true });
  else if (about === 'size') ofSize(draft, word, sizesOf(value));
  else if (about === 'larger') ofSize(draft, word, sizesOf(/^\d/.test(value) ? `>${value}` : value));
  else if (about === 'smaller') ofSize(draft, word, sizesOf(/^\d/.test(value) ? `<${value}` : value));
  else readTime(draft, word, about, value);
}

function ofPerson({ filter }: Draft, word: Word, userId: string): void {
  if (word.not) filter.notUserIds = [...(filter.notUserIds ?? []), userId];
  else if ((filter.userId ?? userId) !== userId) throw twoPeople();
  else filter.userId = userId;
}

/** `from:me`; anybody else must be picked from Slack's menu. */
function ofNamed(draft: Draft, word: Word, value: string): void {
  const { userId } = draft.asking;
  if (/^@?(?:me|myself|i)$/i.test(value) && userId !== undefined) ofPerson(draft, word, userId);
  else noteUnknown(draft, 'person', word, /^@?(?:m|my|em|mee+|ne|meself)$/i.test(value) ? 'from:me' : null);
}

/** `in:#general` as plain text, which is all that can be typed in a window. */
function ofChannelNamed(draft: Draft, word: Word, value: string): void {
  const where = placeOfWords(word);
  if (where !== null) {
    // Of both, neither leaves anything out.
    const isBoth = draft.filter.where !== undefined && draft.filter.where !== where;
    draft.filter.where = isBoth ? undefined : where;
    draft.place = word;
    return;
  }
  const name = value.replace(/^#/, '').toLowerCase();
  const known = draft.asking.channels;
  const id = known?.get(name);
  if (id !== undefined) {
    ofChannel(draft, word, id);
    return;
  }
  if (name !== '' && known === undefined) draft.channelNames.push(name);
  const near = known === undefined ? null : nearestOf(name, [...known.keys()]);
  // Whoever leaves one out, or types its sign, means a channel.
  const place = word.not || value.startsWith('#') ? null : nearestOf(name, ['name', 'text']);
  const meant = near !== null ? `in:#${near}` : place === null ? null : `in:${place}`;
  noteUnknown(draft, 'channel', word, known === undefined ? null : meant);
}

function ofType(draft: Draft, word: Word, value: string): void {
  const typed = value.toLowerCase().split(/[,|]/);
  const words = typed.map((type) => type.trim()).filter((type) => type.replace(/^\*?\./, '') !== '');
  const meant = words.map((type) => typeMeant(type));
  if (words.length === 0) noteUnknown(draft, 'type', word);
  else if (meant.some((one) => one !== null)) {
    noteUnknown(draft, 'type', word, `type:${words.map((one, at) => meant[at] ?? one).join(',')}`);
  } else {
    draft.types += words.length;
    const key = word.not ? 'notTypes' : 'types';
    draft.filter[key] = [...new Set([...(draft.filter[key] ?? []), ...words.flatMap(typesOf)])];
  }
}

function ofDigest(draft: Draft, word: Word, value: string): void {
  if (word.not || !/^[0-9a-f]{8,64}$/i.test(value)) noteUnknown(draft, 'digest', word);
  else draft.filter.sha256 = value.toLowerCase();
}

function ofSort(draft: Draft, word: Word, value: string): void {
  const order = sortOf(value);
  if (word.not) noteUnknown(draft, 'exclusion', word);
  else if (order !== undefined) draft.filter.sort = order;
  else {
    const near = nearestOf(value, SORTS);
    noteUnknown(draft, 'filter', word, near === null ? null : `sort:${near}`);
  }
}

function ofSize(draft: Draft, word: Word, sizes: Sizes | null): void {
  const { minBytes, maxBytes } = draft.filter;
  if (sizes === null) noteUnknown(draft, 'size', word);
  else if (word.not) noteUnknown(draft, 'exclusion', word);
  else {
    const least = [minBytes, sizes.minBytes].filter((bytes) => bytes !== undefined);
    const most = [maxBytes, sizes.maxBytes].filter((bytes) => bytes !== undefined);
    if (least.length > 0) draft.filter.minBytes = Math.max(...least);
    if (most.length > 0) draft.filter.maxBytes = Math.min(...most);
  }
}

function finished(draft: Draft): Reading {
  const { filter, notes, channelNames, free, phrases, types, place } = draft;
  const { before, after, notText = [], patterns = [], notPatterns = [] } = filter;
  // Patterns are of names.
  const named = filter.where === 'text' ? [] : [...patterns, ...notPatterns];
  if (place && free.length + phrases.length + notText.length + named.length === 0) {
    delete filter.where;
    noteUnknown(draft, 'place', place);
  }
  if ((filter.minBytes ?? 0) > (filter.maxBytes ?? Number.MAX_SAFE_INTEGER)) throw emptySizes();
  if (before !== undefined && after !== undefined && after >= before) throw emptyRange();
  if (types > MOST_TYPES) throw tooManyTypes({ types: MOST_TYPES });
  soughtWords([...free, ...notText, ...patterns, ...notPatterns].join(' '));
  const text = free.length === 0 ? {} : { text: free.join(' ') };
  const whole = phrases.length === 0 ? {} : { phrases };
  return { filter: { ...filter, ...text, ...whole }, notes, channelNames };
}
