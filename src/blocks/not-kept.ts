/** Files that are recorded without their bytes: why, in a few words, and as a group of `/vault status` and App Home. */
import type { KnownBlock } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { bytesOf } from './file-line.ts';
import { context, firstOf, sectionsOf } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { briefReason, type LeftOut, reasonWords, skipSentence } from './state.ts';
import { common } from './text/wording.ts';
import { notKeptGroup as group, unkept, notKeptLine as words } from './text/wording-unkept.ts';

const NAMES = 5;
const SHOWN = 10;

/** A file to name in the line. */
export interface NamedLeftOut extends LeftOut {
  name: string | null;
  /** The largest file that its channel takes, in bytes. */
  maxFileBytes?: number | null;
}

/** One small line: which files of a message were not kept, and why. Empty for no files. */
export function notKeptLine(files: NamedLeftOut[]): string {
  if (files.length === 0) return '';
  const { shown, more } = firstOf(files, NAMES);
  const named = shown.map((file) =>
    words.file(quietName(file.name, nameLength.summary), briefReason(file, file.maxFileBytes)),
  );
  return unkept.notKept(common.joined([...named, ...(more > 0 ? [words.more(more)] : [])]));
}

/** Files to show, newest first, and how many there are; `atLeast` if not all were counted. */
export interface NotKept {
  files: FileRow[];
  total: number;
  atLeast?: boolean;
}

/**
 * What is not kept, and why. There is no button: it is not tried again by hand. Files outside Slack are only counted.
 * People who run the vault also read what they can do.
 */
export function notKeptGroup(o: {
  notKept: NotKept;
  links: { total: number; atLeast?: boolean };
  forAdmin: boolean;
  names?: Named | undefined;
}): KnownBlock[] {
  const { notKept, links, forAdmin, names = NO_NAMES } = o;
  if (notKept.total + links.total === 0) return [];
  const { shown } = firstOf(notKept.files, SHOWN);
  const lines = shown.map((file) => {
    const facts = common.joined([sizeInWords(bytesOf(file)), channelNamed(file.channelId, names)]);
    const why = [skipSentence(file), (forAdmin && reasonWords(file).remedy) || ''];
    const name = boldName(nameOf(file), nameLength.line);
    return `${iconOf(file)} ${name}\n${facts}\n:information_source: ${why.join(' ').trimEnd()}`;
  });
  const count = group.files(notKept.total + links.total, Boolean(notKept.atLeast ?? links.atLeast));
  const more = notKept.total - shown.length;
  return [
    ...sectionsOf([group.title(count), ...lines]),
    ...(more > 0 ? [context(common.more(more))] : []),
    ...(links.total > 0 ? [context(group.links(links.total, links.atLeast ?? false))] : []),
  ];
}
