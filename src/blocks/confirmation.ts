/** What the vault says in a channel. Quiet: no links, and it mentions only people who acted. */
import type { KnownBlock } from '@slack/types';
import type { FileNotice, Post } from '../catalog/notices/model.ts';
import { undoButton } from './deleted.ts';
import { context, firstOf, type Screen, section, sectionsOf } from './kit/elements.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, moment, person, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { type NamedLeftOut, notKeptLine } from './not-kept.ts';
import { common, confirmation as words } from './text/wording.ts';

const NAMES = 10;
const DELETIONS = 20;

/** Facts about the files that were not kept, to say why. */
export type AboutLeftOut = (fileId: string) => Omit<NamedLeftOut, 'name' | 'reason'>;

interface ConfirmedInput {
  post: Post;
  about?: AboutLeftOut;
}

/**
 * In the message's thread: these files are in the vault, and these were not kept. It is edited as more files of the
 * same burst arrive.
 */
export function storedMessage({ post, about = () => ({}) }: ConfirmedInput): Screen {
  const stored = ofKind(post, 'stored');
  const leftOut = notKept(post, stored, about);
  return withNotKept(storedScreen(stored), leftOut);
}

function storedScreen(stored: FileNotice[]): Screen | null {
  const [first] = stored;
  if (first === undefined) return null;
  if (stored.length > 1) return summary(words.several(stored.length, totalSize(stored)), stored);
  const size = sizeInWords(first.bytes);
  return {
    text: words.one(quietName(first.name, nameLength.line), size),
    blocks: [section(words.one(boldName(first.name, nameLength.line), size))],
  };
}

/** In the channel, from time to time: what went into the vault since the oldest of these notices. */
export function digestMessage({ post, about = () => ({}) }: ConfirmedInput): Screen {
  const stored = ofKind(post, 'stored');
  const leftOut = notKept(post, stored, about);
  if (stored.length === 0) return withNotKept(null, leftOut);
  const since = moment(Math.min(...stored.map((notice) => notice.at)));
  return withNotKept(summary(words.digest(stored.length, totalSize(stored), since), stored), leftOut);
}

/** One line about what was not kept, and why; empty for nothing. Files that were stored later count as stored. */
function notKept(post: Post, stored: FileNotice[], about: AboutLeftOut): string {
  const kept = new Set(stored.map(({ fileId }) => fileId));
  const leftOut = ofKind(post, 'not_kept').filter(({ fileId }) => !kept.has(fileId));
  return notKeptLine(leftOut.map(({ fileId, name, reason = null }) => ({ name, reason, ...about(fileId) })));
}

/** What was kept, if anything, and the line about the rest. */
function withNotKept(kept: Screen | null, leftOut: string): Screen {
  if (leftOut === '') return kept ?? says(words.nothing);
  if (kept === null) return { text: leftOut, blocks: [context(leftOut)] };
  return { text: `${kept.text} ${leftOut}`, blocks: [...kept.blocks, context(leftOut)] };
}

export interface TrashedInput {
  post: Post;
  /** Until when a file can be restored, in ms. */
  purgeAt: (fileId: string) => number | null;
}

/** In the channel after a deletion, with Undo; the same message after Undo says who restored the file. */
export function trashedMessage({ post, purgeAt }: TrashedInput): Screen {
  const latest = latestPerFile(ofFiles(post).filter(({ kind }) => kind !== 'stored'));
  if (latest.length === 0) return says(words.nothing);
  const { shown, more } = firstOf(latest, DELETIONS);
  const deadlines = shown.filter(({ kind }) => kind === 'trashed').map(({ fileId }) => purgeAt(fileId));
  return {
    text: firstOf(shown, 3)
      .shown.map((notice) => happened(notice, quietName(notice.name, nameLength.line)))
      .join(' '),
    blocks: [
      ...shown.map((notice) =>
        section(happened(notice, boldName(notice.name, nameLength.line)), undoOf(notice)),
      ),
      ...(more > 0 ? [context(common.more(more))] : []),
      ...grace(deadlines),
    ],
  };
}

function happened({ kind, actorId }: FileNotice, name: string): string {
  return kind === 'trashed' ? words.trashed(person(actorId), name) : words.restored(person(actorId), name);
}

function undoOf({ kind, fileId, name }: FileNotice) {
  return kind === 'trashed' ? undoButton({ fileId, name, title: null }) : undefined;
}

/** One line for all: the earliest deadline is true for every file. */
function grace(deadlines: Array<number | null>): KnownBlock[] {
  if (deadlines.length === 0) return [];
  const known = deadlines.filter((deadline) => deadline !== null);
  return [context(known.length > 0 ? words.trashedHint(moment(Math.min(...known))) : words.trashedNoDate)];
}

function summary(title: string, stored: FileNotice[]): Screen {
  const { shown, more } = firstOf(stored, NAMES);
  const lines = shown.map(({ name, bytes }) =>
    words.line(boldName(name, nameLength.summary), sizeInWords(bytes)),
  );
  return { text: title, blocks: sectionsOf([title, ...lines, ...(more > 0 ? [words.andMore(more)] : [])]) };
}

function says(text: string): Screen {
  return { text, blocks: [section(text)] };
}

/** Each file once, in the order of the messages and of the files in them. */
function ofKind(post: Post, kind: FileNotice['kind']): FileNotice[] {
  const ofIt = latestPerFile(ofFiles(post).filter((notice) => notice.kind === kind));
  const key = ({ sortKey }: FileNotice) => sortKey ?? '';
  return ofIt.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id));
}

function ofFiles(post: Post): FileNotice[] {
  return post.notices.filter((notice) => 'fileId' in notice);
}

/** The last notice of each file, in the order in which the files first appeared. */
function latestPerFile(notices: FileNotice[]): FileNotice[] {
  const latest = new Map<string, FileNotice>();
  for (const notice of notices) {
    const known = latest.get(notice.fileId);
    if (known === undefined || notice.id >= known.id) latest.set(notice.fileId, notice);
  }
  return [...latest.values()];
}

/** The sum of the known sizes. */
function totalSize(notices: FileNotice[]): string {
  const known = notices.map(({ bytes }) => bytes).filter((bytes) => bytes !== null);
  return known.length > 0 ? sizeInWords(known.reduce((sum, bytes) => sum + bytes, 0)) : sizeInWords(null);
}
