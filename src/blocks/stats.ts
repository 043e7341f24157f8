import type { KnownBlock } from '@slack/types';
import type { UnkeptSums } from '../catalog/totals/stats.ts';
import { typeName } from '../text/type-names.ts';
import { context, plain, type Screen, section, sectionsOf } from './kit/elements.ts';
import { cutEnd } from './kit/limits.ts';
import { code } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { common } from './text/wording.ts';
import { dollars, stats as words } from './text/wording-stats.ts';
import { unkeptInWords } from './text/wording-unkept.ts';

interface Sum {
  files: number;
  bytes: number;
}

interface Part extends Sum {
  name: string;
}

/** What was added in a month (`2026-11`). */
export interface MonthAdded {
  month: string;
  added: Sum;
}

export interface StatsInput {
  /** True for those who run the vault: everything is counted, except in the list of channels. */
  whole: boolean;
  total: Sum;
  /** Files that are not stored; no other number includes them. */
  unkept: UnkeptSums;
  /** Only for those who run the vault. */
  trash: Sum | null;
  /** What the asker uploaded, in any place. */
  own: Sum;
  /** The last months in order, this one last; at least two. */
  growth: Array<MonthAdded & { before: number }>;
  types: Part[];
  /** Only channels that the asker can see. */
  channels: Part[];
  people: Part[];
  cost: Cost | null;
  /** A link to the picture of `growth`; null draws it with letters. */
  picture: string | null;
  names?: Named;
}

/** What the storage costs in a month, in dollars. */
export interface Cost {
  bytes: number;
  newFiles: number;
  perGb: number;
  perThousandRequests: number;
  isListPrice: boolean;
}

const BAR_LENGTH = 12;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `/vault stats`. */
export function statsScreen(input: StatsInput): Screen {
  const {
    whole,
    total,
    unkept,
    trash,
    own,
    growth,
    types,
    channels,
    people,
    cost,
    picture,
    names = NO_NAMES,
  } = input;
  const size = sizeInWords(total.bytes);
  const besides = unkeptInWords(unkept);
  if (total.files === 0 && own.files === 0 && !trash?.files && besides === '') {
    return { text: words.nothing, blocks: [section(words.nothing), context(words.nothingHint)] };
  }
  const headline = whole ? words.whole(total.files, size) : words.visible(total.files, size);
  const summary = [
    words.title,
    headline,
    ...(besides === '' ? [] : [besides]),
    ...(trash && trash.files > 0 ? [words.trash(trash.files, sizeInWords(trash.bytes))] : []),
    ...(own.files > 0 ? [words.yours(own.files, sizeInWords(own.bytes))] : []),
  ];
  return {
    text: words.text(total.files, size),
    blocks: [
      ...sectionsOf(summary),
      picture === null ? section(lettered(growth)) : pictured(picture, growth),
      context(growthSentence(growth)),
      ...list(words.types, types, (name) => (name === '' ? words.unknownType : code(typeName(name), 30))),
      ...list(words.channels, channels, (id) => channelName(id, names)),
      ...(whole ? [context(words.elsewhere)] : []),
      ...list(words.people, people, (id) => personNamed(id, names)),
      ...(cost === null ? [] : costBlocks(cost, whole)),
      context(words.hint),
    ],
  };
}

/** A channel's name. Slack has no link for two of them: a direct message, and a person's own uploads. */
function channelName(id: string, names: Named): string {
  if (id.startsWith('D')) return words.directMessage;
  // Files that a person uploaded for themselves are in a channel that has the person's id as its name.
  return /^[UW]/.test(id) ? words.alone : channelNamed(id, names);
}

function list(title: string, parts: Part[], nameOf: (name: string) => string): KnownBlock[] {
  if (parts.length === 0) return [];
  const lines = parts.map(({ name, files, bytes }) => words.line(nameOf(name), files, sizeInWords(bytes)));
  return sectionsOf([common.joined([title, parts.length < 5 ? '' : words.largest]), ...lines]);
}

function pictured(url: string, growth: StatsInput['growth']): KnownBlock {
  const months = growth.map((one) => words.pictureMonth(monthName(one.month), sizeInWords(endOf(one))));
  return {
    type: 'image',
    image_url: url,
    alt_text: cutEnd(words.pictureLabel(months.join(', ')), 2000),
    title: plain(words.pictureTitle, 2000),
  };
}

/** The same facts as the picture, drawn with block characters that line up on every screen. */
function lettered(growth: StatsInput['growth']): string {
  const most = Math.max(1, ...growth.map(endOf));
  const lines = growth.map((one) => {
    const eighths = Math.round((endOf(one) / most) * BAR_LENGTH * 8);
    const bar = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
    return `\`${shortMonth(one.month)} ${bar.padEnd(BAR_LENGTH)}\` ${sizeInWords(endOf(one))}`;
  });
  return [words.growth, ...lines].join('\n');
}

/** How the vault has grown this month and the last. */
function growthSentence(growth: MonthAdded[]): string {
  const [last, current] = growth.slice(-2);
  const say = (tell: typeof words.thisMonth, one: typeof current) =>
    one === undefined ? '' : tell(monthName(one.month), one.added.files, sizeInWords(one.added.bytes));
  return common.joined([say(words.thisMonth, current), say(words.lastMonth, last)]);
}

const endOf = ({ before, added }: StatsInput['growth'][number]) => before + added.bytes;

/** What it costs; for those who run the vault, also how that is reckoned. */
function costBlocks(cost: Cost, withFormula: boolean): KnownBlock[] {
  const { bytes, newFiles, perGb, perThousandRequests, isListPrice } = cost;
  // S3 bills by the GB of 1,073,741,824 bytes: aws.amazon.com/s3/faqs, "How will I be charged".
  const gigabytes = bytes / 1024 ** 3;
  const amount = gigabytes * perGb + (newFiles / 1000) * perThousandRequests;
  const formula = words.formula({
    gigabytes: gigabytes.toLocaleString('en-US', { maximumSignificantDigits: 3 }),
    perGb: dollars(perGb, 6),
    files: newFiles,
    perThousand: dollars(perThousandRequests, 6),
  });
  return [
    section(amount < 0.01 ? words.costsNothing : words.cost(dollars(amount))),
    ...(withFormula ? [context(`${formula}\n${isListPrice ? words.listPrice : words.ownPrice}`)] : []),
  ];
}

function monthName(month: string): string {
  return inEnglish(month, { month: 'long', year: 'numeric' });
}

function shortMonth(month: string): string {
  return `${inEnglish(month, { month: 'short' })} ${month.slice(2, 4)}`;
}

function inEnglish(month: string, format: Intl.DateTimeFormatOptions): string {
  return new Date(`${month}-01T00:00Z`).toLocaleDateString('en-US', { timeZone: 'UTC', ...format });
}
