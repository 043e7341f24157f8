import type { HomeView, KnownBlock } from '@slack/types';
import type { Alert } from '../catalog/alerts/alerts.ts';
import type { FileRow, ListedFile, Proof } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { nameOf } from '../text/file-name.ts';
import { alertSentence, failureNote } from './alert.ts';
import { bytesOf, fileLine, plainName } from './file-line.ts';
import { type Glance, glanceBlocks } from './glance.ts';
import { type HealthInput, healthLines } from './health.ts';
import type { CommandHelp } from './help.ts';
import { commandLine } from './help.ts';
import {
  actions,
  button,
  context,
  divider,
  firstOf,
  header,
  type Screen,
  section,
  sectionsOf,
} from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, channel, code, person } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { type NotKept, notKeptGroup } from './not-kept.ts';
import { buttons, common, home as words } from './text/wording.ts';
import { alerts as alertWords } from './text/wording-status.ts';
import { homeButtons } from './upload.ts';

const ON_THE_WAY = 5;
const FAILURES = 10;
const RECENT = 10;

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

/** The state of the vault, for people who run it. */
export interface AdminSummary {
  bucket: string;
  /** The strongest check that the bucket offers. */
  /** Null while the bucket has not answered since the start. */
  proof: Proof | null;
  /** `SQLite` or `PostgreSQL`. */
  database: string;
  health: HealthInput;
  waiting: number;
  failed: number;
  trash: Total;
  /** Current problems. */
  alerts: Alert[];
}

export interface HomeInput {
  userId: string;
  /** Milliseconds since 1970. */
  now: number;
  /** In the channels that this person can see, like everything below except `admin`. */
  stored: Total;
  glance: Glance;
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
  commands: CommandHelp[];
  /** Only for admins. */
  admin?: AdminSummary | null;
}

/** The App Home of one person. */
export function homeView(input: HomeInput): HomeView {
  const { userId, stored, glance, onTheWay, failures, recent, commands, admin } = input;
  const forAdmin = Boolean(admin);
  const isNew = stored.files + onTheWay.total + failures.total + recent.length === 0;
  return {
    type: 'home',
    callback_id: 'home',
    blocks: [
      header(words.title),
      section(words.greeting(person(userId))),
      ...actions(homeButtons()),
      ...(isNew ? firstSteps() : [section(words.totals(stored.files, sizeInWords(stored.bytes)))]),
      ...glanceBlocks(glance),
      ...queue(onTheWay),
      ...failedFiles(failures, { now: input.now, forAdmin }),
      ...leftOut(input, forAdmin),
      ...recentFiles(input),
      ...commandList(commands),
      ...(admin ? adminSection(admin) : []),
    ],
  };
}

function firstSteps(): KnownBlock[] {
  return [section(words.firstSteps)];
}

function queue({ files, total }: Counted<FileRow>): KnownBlock[] {
  if (total === 0 && files.length === 0) return [];
  const { shown } = firstOf(files, ON_THE_WAY);
  const lines = shown.map((file) => {
    const facts = common.joined([sizeInWords(bytesOf(file)), words.inChannel(channel(file.channelId))]);
    return `:hourglass_flowing_sand: ${boldName(nameOf(file), nameLength.line)} ${facts}`;
  });
  return [
    divider(),
    ...sectionsOf([words.onTheWay(Math.max(total, files.length)), ...lines]),
    ...rest(total, shown),
  ];
}

function leftOut({ notKept = { files: [], total: 0 }, links = { total: 0 } }: HomeInput, forAdmin: boolean) {
  const blocks = notKeptGroup({ notKept, links, forAdmin });
  return blocks.length === 0 ? [] : [divider(), ...blocks];
}

function failedFiles({ files, total }: Counted<FileRow>, reader: Reader): KnownBlock[] {
  if (total === 0 && files.length === 0) return [];
  const { shown } = firstOf(files, FAILURES);
  return [
    divider(),
    section(words.failures(Math.max(total, files.length))),
    ...shown.map((file) => failedFile(file, reader)),
    ...rest(total, shown),
  ];
}

/** Who reads about a failure, and when (ms). */
export interface Reader {
  now: number;
  /** People who run the vault read what they can do about it. */
  forAdmin: boolean;
}

/** A file that could not be stored: why, when it is tried next, and Retry. */
export function failedFile(file: FileRow, { now, forAdmin }: Reader): KnownBlock {
  const facts = common.joined([sizeInWords(bytesOf(file)), words.inChannel(channel(file.channelId))]);
  return section(
    `${iconOf(file)} ${boldName(nameOf(file), nameLength.line)} ${facts}\n${failureNote(file, now, forAdmin)}`,
    button({
      actionId: 'retry_file',
      text: buttons.retry,
      label: words.retryLabel(plainName(file, nameLength.summary)),
      value: file.fileId,
    }),
  );
}

function recentFiles({ recent, now, mayDelete, maxBytes, check }: HomeInput): KnownBlock[] {
  if (recent.length === 0) return [];
  const { shown } = firstOf(recent, RECENT);
  return [
    divider(),
    section(words.recent),
    ...shown.map((file) => {
      const said = check?.(file);
      return fileLine(file, {
        ...{ now, mayDelete: mayDelete(file), showChannel: true, maxBytes: maxBytes?.(file) },
        // A home is not drawn anew for each check that finds nothing.
        check: said?.state === 'waiting' ? undefined : said,
      });
    }),
  ];
}

function commandList(commands: CommandHelp[]): KnownBlock[] {
  return commands.length > 0
    ? [divider(), ...sectionsOf([words.commands, ...commands.map(commandLine)])]
    : [];
}

function adminSection(admin: AdminSummary): KnownBlock[] {
  const { shown, more } = firstOf(admin.alerts, 10);
  const weak = admin.proof === 'crc32' || admin.proof === null ? [] : [alertWords.weakProof[admin.proof]];
  const warnings = [...weak, ...shown.map(alertSentence)].map(alertWords.line);
  return [
    divider(),
    ...sectionsOf([
      words.admin,
      words.adminBucket(
        code(admin.bucket, 80),
        admin.proof === null ? words.adminUnchecked : words.adminChecks[admin.proof],
      ),
      words.adminWork(admin.database, admin.waiting, admin.failed),
      words.adminTrash(admin.trash.files, sizeInWords(admin.trash.bytes)),
      ...healthLines(admin.health),
      ...warnings,
      ...(more > 0 ? [common.more(more)] : []),
    ]),
  ];
}

function rest(total: number, shown: unknown[]): Screen['blocks'] {
  return total > shown.length ? [context(common.more(total - shown.length))] : [];
}
