/** Files that are recorded without their bytes: why, in a few words, and as a group of `/vault status` and App Home. */
import type { KnownBlock } from '@slack/types';
import type { FileRow, SkipReason } from '../catalog/model.ts';
import { context, firstOf, sectionsOf } from './elements.ts';
import { bytesOf, nameOf } from './file-line.ts';
import { iconOf } from './icon.ts';
import { nameLength } from './limits.ts';
import { boldName, channel, quietName } from './mrkdwn.ts';
import { sizeInWords } from './size.ts';
import { skipSentence } from './state.ts';
import { common, home } from './wording.ts';
import { group, remedies, shortReasons, notKept as words } from './wording-not-kept.ts';

const NAMES = 5;
const SHOWN = 10;

/** A file that was not kept, and what is to be known to say why. */
export interface LeftOut {
  name: string | null;
  reason: SkipReason | null;
  /** Where it lives, if that is outside Slack. */
  externalUrl?: string | null;
  /** The largest file that its channel takes, in bytes. */
  maxFileBytes?: number | null;
}

/** One small line: what of a message was not kept, and why. Empty for no files. */
export function notKeptLine(files: LeftOut[]): string {
  if (files.length === 0) return '';
  const { shown, more } = firstOf(files, NAMES);
  const named = shown.map((file) => words.file(quietName(file.name, nameLength.summary), shortReason(file)));
  return words.text(common.joined([...named, ...(more > 0 ? [words.more(more)] : [])]));
}

/** Why a file was not kept, in a few words. */
export function shortReason({ reason, externalUrl, maxFileBytes }: Omit<LeftOut, 'name'>): string {
  const limit = maxFileBytes === undefined || maxFileBytes === null ? '' : sizeInWords(maxFileBytes);
  return shortReasons[reason ?? 'no_content']({ service: serviceOf(externalUrl), limit });
}

/** Where files live that Slack only points to, by the host of their links. */
const SERVICES: Array<[RegExp, string]> = [
  [/(^|\.)(docs|drive|sheets|slides)\.google\.com$/, 'Google Drive'],
  [/(^|\.)dropbox\.com$/, 'Dropbox'],
  [/(^|\.)box\.com$/, 'Box'],
  [/(^|\.)(onedrive\.live\.com|1drv\.ms)$/, 'OneDrive'],
  [/(^|\.)sharepoint\.com$/, 'SharePoint'],
];

function serviceOf(url: string | null | undefined): string {
  const host = url && URL.canParse(url) ? new URL(url).hostname : '';
  return SERVICES.find(([pattern]) => pattern.test(host))?.[1] ?? '';
}

/** Files to show, newest first, and how many there are; `atLeast` when they were not counted to the end. */
export interface NotKept {
  files: FileRow[];
  total: number;
  atLeast?: boolean;
}

/**
 * What is not kept, and why, without any button: it is not tried again by hand. What lives outside Slack is only counted.
 * Those who run the vault also read what they can do.
 */
export function notKeptGroup(o: {
  notKept: NotKept;
  links: { total: number; atLeast?: boolean };
  forAdmin: boolean;
}): KnownBlock[] {
  const { notKept, links, forAdmin } = o;
  if (notKept.total + links.total === 0) return [];
  const { shown } = firstOf(notKept.files, SHOWN);
  const lines = shown.map((file) => {
    const facts = common.joined([sizeInWords(bytesOf(file)), home.inChannel(channel(file.channelId))]);
    const why = [skipSentence(file.reason), forAdmin ? remedyOf(file) : ''];
    const name = boldName(nameOf(file), nameLength.line);
    return `${iconOf(file)} ${name} ${facts}\n:information_source: ${why.join(' ').trimEnd()}`;
  });
  const count = group.files(notKept.total + links.total, Boolean(notKept.atLeast ?? links.atLeast));
  const more = notKept.total - shown.length;
  return [
    ...sectionsOf([group.title(count), ...lines]),
    ...(more > 0 ? [context(common.more(more))] : []),
    ...(links.total > 0 ? [context(group.links(links.total, links.atLeast ?? false))] : []),
  ];
}

function remedyOf(file: FileRow): string {
  return (file.reason === null ? undefined : remedies[file.reason]) ?? '';
}
