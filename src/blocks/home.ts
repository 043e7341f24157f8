import type { HomeView, KnownBlock } from '@slack/types';
import type { FileRow, ListedFile } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { nameOf } from '../text/file-name.ts';
import { type AdminSummary, adminCard, joinable, troubleLines } from './admin-card.ts';
import { failureNote } from './alert.ts';
import { bytesOf, plainName } from './file-line.ts';
import { fileRow } from './file-row.ts';
import { actions, button, context, firstOf, header, section, sectionsOf } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, channel, moment } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { type NotKept, notKeptGroup } from './not-kept.ts';
import { buttons, common, home as place } from './text/wording.ts';
import { home as words } from './text/wording-home.ts';

const ON_THE_WAY = 5;
const FAILURES = 3;
const RECENT = 10;
const CHANNELS = 5;
const PLACES = 3;
const WEEK_MS = 7 * 24 * 60 * 60_000;

/** A number of files and their bytes. */
export interface Total {
  files: number;
  bytes: number;
}

/** Files to show, newest first, and how many there are in all. */
export interface Counted<T> {
  files: T[];
  total: number;
}

export interface HomeInput {
  /** Milliseconds since 1970. */
  now: number;
  /** A guest, or somebody of another organisation. */
  isGuest?: boolean;
  /** In the channels that this person can see, like everything below except `admin`. */
  stored: Total;
  /** What this person uploaded. */
  own: Total;
  onTheWay: Counted<FileRow>;
  /** Files that are tried again until it works. */
  failures: Counted<FileRow>;
  /** Files that are not kept, and why. */
  notKept?: NotKept;
  /** Files that are outside Slack. */
  links?: { total: number; atLeast?: boolean };
  recent: ListedFile[];
  mayDelete: (file: ListedFile) => boolean;
  /** The most bytes that the channel of a file takes, if that matters. */
  maxBytes?: (file: ListedFile) => number | null;
  /** What the malware scanner said of the newest version of a file. */
  check?: (file: ListedFile) => Checked | undefined;
  /** Channels that this person is in: with the bot, and without it. */
  saved?: string[];
  notSaved?: string[];
  /** Since when the bucket has been away (ms), if it is. */
  bucketAwaySince?: number | null;
  /** Only for people who run the vault. */
  admin?: AdminSummary | null;
  names?: Named;
}

/**
 * The App Home of one person. What is wrong comes first, then, for those who run the vault, how it stands; then what
 * a person came for. Words are typed in a window, not here: App Home is published anew at every change, and a phone's
 * keyboard would lose what was being typed.
 */
export function homeView(about: HomeInput): HomeView {
  const input = { ...about, notSaved: toldAbove(about) };
  const { stored, own, onTheWay, failures, recent, admin, isGuest = false } = input;
  const isNew = stored.files + onTheWay.total + failures.total + recent.length === 0;
  const totals = words.totals(own.files, sizeInWords(own.bytes), stored.files, sizeInWords(stored.bytes));
  return {
    type: 'home',
    callback_id: 'home',
    blocks: [
      header(words.title),
      ...trouble(input),
      ...(admin ? adminCard(admin, { besides: besides(about) }) : []),
      ...actions(homeButtons()),
      context([isGuest ? words.guest : words.greeting, ...(isNew ? [] : [totals])].join('\n')),
      ...(isNew ? [section(firstSteps(input))] : []),
      ...recentFiles(input),
      ...queue(onTheWay, input.names),
      ...leftOut(input, Boolean(admin)),
    ],
  };
}

/** Channels without the bot that are to be told of: not those that an admin's card has, with *Join* beside each. */
function toldAbove({ notSaved = [], admin }: HomeInput): string[] {
  const withJoin = new Set(admin ? joinable(admin) : []);
  return notSaved.filter((channelId) => !withJoin.has(channelId));
}

/** What is wrong besides the problems that admins are told of, and files that are tried again. */
function besides({ bucketAwaySince = null, notSaved = [] }: HomeInput): number {
  return Number(bucketAwaySince !== null) + Number(notSaved.length > 0);
}

/** What a newcomer does first: where the bot is in one of their channels already, nobody has to invite it. */
function firstSteps({ saved = [], isGuest = false }: HomeInput): string {
  if (saved.length > 0) return words.dropFirst(saved.slice(0, PLACES).map(channel));
  return isGuest ? words.guestFirstSteps : words.firstSteps;
}

/** Find, My files, This week, Upload and Commands. */
function homeButtons() {
  return [
    button({
      ...{ actionId: 'open_find', text: words.find, label: words.findLabel, value: 'find' },
      style: 'primary',
    }),
    button({ actionId: 'home_mine', text: words.mine, label: words.mineLabel, value: 'mine' }),
    button({ actionId: 'home_week', text: words.week, label: words.weekLabel, value: 'week' }),
    button({ actionId: 'open_upload', text: words.upload, label: words.uploadLabel, value: 'upload' }),
    button({ actionId: 'home_commands', text: words.commands, label: words.commandsLabel, value: 'all' }),
  ];
}

/** What is wrong, for the person who reads it; nothing when all is well. */
function trouble({
  now,
  failures,
  notSaved = [],
  bucketAwaySince = null,
  admin,
  names,
}: HomeInput): KnownBlock[] {
  const { shown } = firstOf(failures.files, FAILURES);
  const lines = [
    ...(bucketAwaySince === null ? [] : [words.bucketAway(moment(bucketAwaySince))]),
    ...(notSaved.length === 0 ? [] : [words.notSaved(channelList(notSaved))]),
    ...(admin ? troubleLines(admin) : []),
  ];
  const failed = Math.max(failures.total, failures.files.length);
  return [
    ...sectionsOf(lines),
    ...(failed === 0 ? [] : [section(words.failures(failed))]),
    ...shown.map((file) => failedFile(file, { now, forAdmin: Boolean(admin), names })),
    ...rest(failures.total, shown),
  ];
}

function channelList(ids: string[]): string {
  const { shown, more } = firstOf(ids, CHANNELS);
  return [...shown.map(channel), ...(more > 0 ? [common.more(more)] : [])].join(', ');
}

function queue({ files, total }: Counted<FileRow>, names: Named = NO_NAMES): KnownBlock[] {
  if (total === 0 && files.length === 0) return [];
  const { shown } = firstOf(files, ON_THE_WAY);
  const lines = shown.map((file) => {
    const facts = common.joined([sizeInWords(bytesOf(file)), channelNamed(file.channelId, names)]);
    return `:hourglass_flowing_sand: ${boldName(nameOf(file), nameLength.line)} ${facts}`;
  });
  return [...sectionsOf([words.onTheWay(Math.max(total, files.length)), ...lines]), ...rest(total, shown)];
}

function leftOut(input: HomeInput, forAdmin: boolean) {
  const { notKept = { files: [], total: 0 }, links = { total: 0 }, names } = input;
  return notKeptGroup({ notKept, links, forAdmin, names });
}

/** Who reads about a failure, and when (ms). */
export interface Reader {
  now: number;
  /** People who run the vault read what they can do about it. */
  forAdmin: boolean;
  names?: Named | undefined;
}

/** A file that could not be stored: why, when it is tried next, and Retry. */
export function failedFile(file: FileRow, { now, forAdmin, names = NO_NAMES }: Reader): KnownBlock {
  const facts = common.joined([sizeInWords(bytesOf(file)), channelNamed(file.channelId, names)]);
  return section(
    `${iconOf(file)} ${boldName(nameOf(file), nameLength.line)}\n${facts}\n${failureNote(file, now, forAdmin)}`,
    button({
      actionId: 'retry_file',
      text: buttons.retry,
      label: place.retryLabel(plainName(file, nameLength.summary)),
      value: file.fileId,
    }),
  );
}

/** The newest files: those of the last seven days under a title of their own. */
function recentFiles({ recent, now, mayDelete, maxBytes, check, names = NO_NAMES }: HomeInput): KnownBlock[] {
  const { shown } = firstOf(recent, RECENT);
  const lines = (files: ListedFile[]) =>
    files.flatMap((file) => {
      const said = check?.(file);
      return fileRow(file, {
        ...{ now, mayDelete: mayDelete(file), showChannel: true, maxBytes: maxBytes?.(file), names },
        // A home is not drawn anew for each check that finds nothing.
        check: said?.state === 'waiting' ? undefined : said,
      });
    });
  const week = shown.filter(({ listedAt }) => listedAt > now - WEEK_MS);
  const earlier = shown.slice(week.length);
  return [
    ...(week.length > 0 ? [section(words.thisWeek), ...lines(week)] : []),
    ...(earlier.length > 0
      ? [section(week.length > 0 ? words.earlier : words.recent), ...lines(earlier)]
      : []),
  ];
}

function rest(total: number, shown: unknown[]): KnownBlock[] {
  return total > shown.length ? [context(common.more(total - shown.length))] : [];
}
