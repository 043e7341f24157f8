/** What the bot says in a channel. Quiet: one short line, no links, no mentions, and small print for what is secondary. */
import type { FileNotice, Post } from '../catalog/notices/model.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, moment, type Names, plainPerson, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { type NamedLeftOut, notKeptLine } from './not-kept.ts';
import { common, every, confirmation as words } from './text/wording.ts';

/** A line names at most this many files. */
const NAMES = 3;

/** Facts about the files that were not saved, to say why. */
export type AboutLeftOut = (fileId: string) => Omit<NamedLeftOut, 'name' | 'reason'>;

interface ConfirmedInput {
  post: Post;
  about?: AboutLeftOut;
}

/**
 * In the message's thread: these files are saved, and these are not. It is edited as more files of the same burst
 * arrive. With `explains` it also says, once in each channel, how to get less: `explains` is the name of the emoji that can
 * say it instead.
 */
export function storedMessage({
  post,
  about = () => ({}),
  explains = null,
}: ConfirmedInput & { explains?: string | null }): Screen {
  const stored = ofKind(post, 'stored');
  const told = withNotKept(stored.length === 0 ? null : saved(stored), notKept(post, stored, about));
  if (explains === null) return told;
  return { ...told, blocks: [...told.blocks, context(words.less(`:${explains}:`)), ...lessButton()] };
}

/** *React instead*. */
export function lessButton() {
  return actions([button({ actionId: 'confirm_less', text: words.lessButton, label: words.lessLabel })]);
}

/** To the admin who asked for less: from now on the emoji `sign` says it. */
export function lessScreen({ sign }: { sign: string }): Screen {
  const text = words.lessDone(`:${sign}:`);
  return { text, blocks: [section(text), context(words.lessBack)] };
}

/** In the thread of the first message that got the emoji `sign` in a channel: what the sign means. Told once. */
export function signMessage({ sign }: { sign: string }): Screen {
  const text = words.sign(`:${sign}:`);
  return { text, blocks: [context(text)] };
}

/** In the channel, from time to time: what was saved since the oldest of these notices. */
export function digestMessage({ post, about = () => ({}) }: ConfirmedInput): Screen {
  const stored = ofKind(post, 'stored');
  const leftOut = notKept(post, stored, about);
  if (stored.length === 0) return withNotKept(null, leftOut);
  return withNotKept(saved(stored, moment(Math.min(...stored.map((notice) => notice.at)))), leftOut);
}

/** One line, such as "Saved *a.pdf* and *b.pdf* · 2 MB". What is read aloud counts several files instead. */
function saved(stored: FileNotice[], since?: string): Screen {
  const size = totalSize(stored);
  const [first] = stored;
  const counted = words.files(stored.length);
  const line = (what: string) => common.joined([words.saved(what, since), size]);
  return {
    text: line(stored.length === 1 ? quietName(first?.name, nameLength.line) : counted),
    blocks: [section(line(named(stored) ?? counted))],
  };
}

/** The names of few files, in bold; nothing for many. */
function named(files: FileNotice[]): string | undefined {
  const length = files.length === 1 ? nameLength.line : nameLength.summary;
  return files.length > NAMES ? undefined : every(files.map(({ name }) => boldName(name, length)));
}

/** One line about what was not saved, and why; empty for nothing. Files that were stored later count as saved. */
function notKept(post: Post, stored: FileNotice[], about: AboutLeftOut): string {
  const saved = new Set(stored.map(({ fileId }) => fileId));
  const leftOut = ofKind(post, 'not_kept').filter(({ fileId }) => !saved.has(fileId));
  return notKeptLine(leftOut.map(({ fileId, name, reason = null }) => ({ name, reason, ...about(fileId) })));
}

/** What was saved, if anything, and the line about the rest. */
function withNotKept(told: Screen | null, leftOut: string): Screen {
  if (leftOut === '') return told ?? says(words.nothing);
  if (told === null) return { text: leftOut, blocks: [context(leftOut)] };
  return { text: `${told.text} ${leftOut}`, blocks: [...told.blocks, context(leftOut)] };
}

export interface TrashedInput {
  post: Post;
  names: Names;
}

/**
 * In the files' thread: who deleted them; once restored, who restored them. One plain line without a button: who
 * deleted has Undo in their own answer.
 */
export function trashedMessage({ post, names }: TrashedInput): Screen {
  const latest = latestPerFile(ofFiles(post).filter(({ kind }) => kind !== 'stored'));
  if (latest.length === 0) return says(words.nothing);
  const restored = latest.filter(({ kind }) => kind === 'restored');
  if (restored.length === latest.length)
    return one(latest, (what) => words.restored(peopleOf(restored, names), what));
  const trashed = latest.filter(({ kind }) => kind !== 'restored');
  const told = one(latest, (what) => words.trashed(peopleOf(trashed, names), what));
  return restored.length === 0 ? told : says(`${told.text} ${words.back(restored.length)}`);
}

function one(files: FileNotice[], line: (what: string) => string): Screen {
  const [first] = files;
  const counted = words.files(files.length);
  return {
    text: line(files.length === 1 ? quietName(first?.name, nameLength.line) : counted),
    blocks: [section(line(named(files) ?? counted))],
  };
}

function peopleOf(notices: FileNotice[], names: Names): string {
  const people = [...new Set(notices.map(({ actorId }) => plainPerson(actorId, names)))];
  return people.length > NAMES ? words.people(people.length) : every(people);
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

/** The sum of the known sizes; empty if none is known. */
function totalSize(notices: FileNotice[]): string {
  const known = notices.map(({ bytes }) => bytes).filter((bytes) => bytes !== null);
  return known.length > 0 ? sizeInWords(known.reduce((sum, bytes) => sum + bytes, 0)) : '';
}
