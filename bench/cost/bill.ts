import { type Tally, total } from './counting.ts';
import { type Prices, priceOf } from './prices.ts';
import type { Counts } from './scenes.ts';

/** How much a vault is used. */
export interface Usage {
  people: number;
  filesAMonth: number;
  meanFileBytes: number;
  /** Conversations that the bot is in. */
  channels: number;
  downloadsAMonth: number;
  searchesAMonth: number;
  homesAMonth: number;
  /** Messages that people write where the bot is, files or not. */
  messagesAMonth: number;
  /** How often something asks `/readyz`, in seconds. */
  probeSeconds: number;
  /** Hours of a month in which people work. */
  workingHours: number;
}

export const TEN_THOUSAND: Usage = {
  people: 10_000,
  filesAMonth: 100_000,
  meanFileBytes: 1e6,
  channels: 1_000,
  downloadsAMonth: 20_000,
  searchesAMonth: 20_000,
  homesAMonth: 10_000,
  messagesAMonth: 2_000_000,
  probeSeconds: 10,
  workingHours: 176,
};

const GB = 2 ** 30;
const DAYS_A_MONTH = 365 / 12;
const HOURS_A_MONTH = DAYS_A_MONTH * 24;
/** The bot's defaults: `VAULT_JOURNAL_SECONDS`, `VAULT_VERIFY_HOURS`, and how often pictures are cleared away. */
const JOURNAL_MINUTES = 1;
const VERIFY_HOURS = 24;
const CHARTS_HOURS = 6;
/** S3 lists so many objects in one request. */
const LISTED_AT_ONCE = 1_000;
/** A long journal is rewritten, never with more requests than writing the changes took. */
const RETOLD = 2;

/** One line of the bill. */
export interface Line {
  what: string;
  /** How it is calculated, in words. */
  formula: string;
  /** Dollars in the `month`-th month from 1. */
  cost(month: number): number;
}

/** What a vault in use costs, from what was counted. Pure arithmetic, so that a page that shows it can be checked. */
export function billOf(counts: Counts, usage: Usage, prices: Prices): Line[] {
  const { filesAMonth, meanFileBytes, downloadsAMonth, probeSeconds } = usage;
  const requests = (sums: Tally, times: number) =>
    (['writes', 'reads'] as const).reduce(
      (sum, kind) => sum + (total(sums, (name) => priceOf(name) === kind) * times * prices[kind]) / 1_000,
      0,
    );
  const capture = ordinary(counts).counted.s3;
  const flush = { PutObject: 1 };
  const flushes = (HOURS_A_MONTH * 60) / JOURNAL_MINUTES;
  const { ListMultipartUploads = 0, ListObjectsV2 = 0 } = counts.chores.s3;
  const journalBytes = (RETOLD * counts.journal.bytes) / counts.journal.files;
  /** On average, a month's files are there for half of it. */
  const filesIn = (month: number) => (month - 0.5) * filesAMonth;
  const compares = HOURS_A_MONTH / VERIFY_HOURS;
  const lists = (month: number) => Math.ceil((month * filesAMonth) / LISTED_AT_ONCE) + ListMultipartUploads;
  // One of the listings that were counted is that of the pictures, the other the one page of the comparison.
  const pictures = { ListObjectsV2: ListObjectsV2 - 1 };
  const megabytes = (meanFileBytes / 1e6).toLocaleString('en-US');
  return [
    {
      what: 'Storage of the files',
      formula: `(month − ½) × ${n(filesAMonth)} files × ${megabytes} MB`,
      cost: (month) => ((filesIn(month) * meanFileBytes) / GB) * prices.storage,
    },
    {
      what: 'Storage of the journal',
      formula: `(month − ½) × ${n(filesAMonth)} files × ${n(Math.round(journalBytes / RETOLD))} bytes × ${RETOLD}`,
      cost: (month) => ((filesIn(month) * journalBytes) / GB) * prices.storage,
    },
    {
      what: 'Storing the files',
      formula: `${n(filesAMonth)} × (${words(capture)})`,
      cost: () => requests(capture, filesAMonth),
    },
    {
      what: 'Writing the journal',
      formula: `at most one PutObject a minute, ${n(flushes)} × ${RETOLD}`,
      cost: () => requests(flush, flushes * RETOLD),
    },
    {
      what: 'Comparing catalog and bucket, daily',
      formula: `${compares.toFixed(1)} × (files ÷ ${n(LISTED_AT_ONCE)} + ${ListMultipartUploads}) lists`,
      cost: (month) => requests({ List: 1 }, compares * lists(month)),
    },
    {
      what: 'Clearing old pictures away',
      formula: `${n(HOURS_A_MONTH / CHARTS_HOURS)} × (${words(pictures)})`,
      cost: () => requests(pictures, HOURS_A_MONTH / CHARTS_HOURS),
    },
    {
      what: `Asking /readyz every ${probeSeconds} s`,
      formula: `${n((HOURS_A_MONTH * 3_600) / probeSeconds)} × (${words(counts.probe.s3)})`,
      cost: () => requests(counts.probe.s3, (HOURS_A_MONTH * 3_600) / probeSeconds),
    },
    {
      what: 'Downloads by people',
      formula: `${n(downloadsAMonth)} × (${words(counts.download.s3)}) + ${n(downloadsAMonth)} × ${megabytes} MB out of AWS`,
      cost: () =>
        requests(counts.download.s3, downloadsAMonth) +
        ((downloadsAMonth * meanFileBytes) / GB) * prices.transferOut,
    },
  ];
}

/** The capture of a typical file: the counted one that is nearest to a megabyte. */
function ordinary({ captures }: Counts): Counts['captures'][number] {
  const [nearest] = [...captures].sort(
    (a, b) => Math.abs(Math.log(a.bytes / 1e6)) - Math.abs(Math.log(b.bytes / 1e6)),
  );
  if (nearest === undefined) throw new Error('no capture was counted');
  return nearest;
}

/** What a month asks of Slack, against what Slack allows. */
export interface Load {
  what: string;
  formula: string;
  /** In the working hours, on average. */
  perMinute: number;
  /** In words. */
  limit: string;
}

/** Slack's limits: docs.slack.dev/apis/web-api/rate-limits, and …/apis/events-api for events. */
export function slackLoad(counts: Counts, usage: Usage): Load[] {
  const { filesAMonth, searchesAMonth, homesAMonth, messagesAMonth, channels, workingHours } = usage;
  const minutes = workingHours * 60;
  const { slack, events } = ordinary(counts).counted;
  // Of the messages that a file brings about, one is what the person wrote, and counted with the other messages.
  const perFile = total(events) - 1;
  // A search looks at all channels of somebody, and so asks for the most.
  const find = counts.commands.find(({ line }) => line.startsWith('/vault find'))?.cold.slack ?? {};
  const home = counts.home.cold.slack;
  const perChannel = (method: string) => (counts.sweep.slack[method] ?? 0) / counts.sweep.channels;
  const people = (sums: Tally) => (sums['users.conversations'] ?? 0) + (sums['conversations.members'] ?? 0);
  return [
    {
      what: 'Events',
      formula: `${n(messagesAMonth)} messages + ${n(filesAMonth)} files × ${perFile}`,
      perMinute: (messagesAMonth + filesAMonth * perFile) / minutes,
      limit: '500 (30,000 an hour)',
    },
    {
      what: 'Confirmations (`chat.postMessage`)',
      formula: `at most ${n(filesAMonth)} files × ${slack['chat.postMessage'] ?? 0}`,
      perMinute: (filesAMonth * (slack['chat.postMessage'] ?? 0)) / minutes,
      limit: 'several hundred, and about 60 in one channel',
    },
    {
      what: 'Who may see what (`users.conversations`, `conversations.members`)',
      formula: `${n(searchesAMonth)} searches × ${people(find)} + ${n(homesAMonth)} App Homes × ${people(home)}`,
      perMinute: (searchesAMonth * people(find) + homesAMonth * people(home)) / minutes,
      limit: '50',
    },
    {
      what: 'Who somebody is (`users.info`)',
      formula: `${n(searchesAMonth)} searches × ${find['users.info'] ?? 0} + ${n(homesAMonth)} App Homes × ${home['users.info'] ?? 0}`,
      perMinute:
        (searchesAMonth * (find['users.info'] ?? 0) + homesAMonth * (home['users.info'] ?? 0)) / minutes,
      limit: '100',
    },
    ...['conversations.history', 'conversations.info', 'files.list'].map((method) => ({
      what: `Hourly sweep (\`${method}\`)`,
      formula: `${n(channels)} channels × ${perChannel(method)}`,
      perMinute: (channels * perChannel(method)) / 60,
      limit: '50',
    })),
  ];
}

const n = (value: number) => Math.round(value).toLocaleString('en-US');

/** A tally in words, such as `1 PutObject, 2 HeadObject`. */
export function words(sums: Tally): string {
  return (
    Object.entries(sums)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || '–'
  );
}
