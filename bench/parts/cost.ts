import { EVERYDAY } from '../cost/commands.ts';
import { total } from '../cost/counting.ts';
import { keepCounts } from '../cost/kept.ts';
import { S3_STANDARD } from '../cost/prices.ts';
import { type Counts, countEverything, type Extent } from '../cost/scenes.ts';
import { billTable, commandsTable, countedTable, slackTable } from '../cost/tables.ts';
import type { Part } from '../part.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
/** One S3 request is promised for files up to this size. */
const ONE_REQUEST_BYTES = 100 * MIB;

const WHOLE: Extent = {
  sizes: [4 * KIB, 100 * KIB, 10 * MIB, 150 * MIB],
  // Longer than the bot goes without looking after itself.
  idleMs: 16_000,
  journalFiles: 100,
  commands: EVERYDAY,
};
const SHORT: Extent = {
  sizes: [100 * KIB],
  idleMs: 500,
  journalFiles: 20,
  commands: EVERYDAY.slice(0, 2),
};

export const cost: Part = {
  name: 'cost',
  title: 'Cost',
  question: 'How many requests of S3 and calls of Slack does each thing take, and what does that cost?',
  async run({ short, say }) {
    const counts = await countEverything(short ? SHORT : WHOLE, say);
    if (!short) keepCounts(counts);
    return {
      tables: [billTable(counts), slackTable(counts), countedTable(counts), commandsTable(counts)],
      notes: [
        'Counted, not timed: the real bot in a process of its own, over Socket Mode, against the Slack and the S3 of the sandbox.',
        `S3 Standard’s list prices in us-east-1 as of ${S3_STANDARD.asOf}; prices change. docs/cost.md says what is assumed.`,
        'Each command is answered by one more request to its response URL, which no limit of the Web API counts.',
      ],
      marks: marksOf(counts),
      numbers: counts,
    };
  },
};

function marksOf({ captures, sweep }: Counts) {
  const small = captures.filter(({ bytes }) => bytes <= ONE_REQUEST_BYTES);
  const most = (of: 's3' | 'slack') => Math.max(...small.map(({ counted }) => total(counted[of])));
  const perChannel = (total(sweep.slack) - 1) / sweep.channels;
  return [
    { label: 'S3 requests for a file up to 100 MiB', value: most('s3'), limit: 1, unit: 'request' },
    { label: 'Slack calls for a captured file', value: most('slack'), limit: 1, unit: 'call' },
    {
      label: 'Slack calls for a channel in a sweep, nothing new',
      value: perChannel,
      limit: 2,
      unit: 'calls',
    },
  ];
}
