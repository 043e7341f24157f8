import type { Table } from '../part.ts';
import { billOf, type Line, slackLoad, TEN_THOUSAND, words } from './bill.ts';
import { type Counted, total } from './counting.ts';
import { S3_STANDARD } from './prices.ts';
import type { Counts } from './scenes.ts';

/** What each thing asked of S3 and of Slack. */
export function countedTable(counts: Counts): Table {
  const { start, idle, captures, burst, thread, home, download, probe, reconnect, chores } = counts;
  const things: [string, Counted][] = [
    ...captures.map(({ bytes, counted }): [string, Counted] => [`a file of ${size(bytes)}`, counted]),
    ['ten files in one message', burst],
    ['ten messages with a file each in a thread', thread],
    [`idle for ${idle.seconds} s`, idle.counted],
    ['by the clock: comparison, old pictures, scopes', chores],
    ['start, without its sweep', start],
    ['both connections renewed', reconnect],
    ['`GET /readyz`', probe],
    ['a download', download],
    ['App Home', home.cold],
    ['App Home, again within a minute', home.warm],
    ['a file while somebody looks at the App Home', home.change],
  ];
  const { journal, sweep } = counts;
  return {
    title: 'What was counted',
    columns: ['', 'S3', 'Slack', 'events'],
    rows: [
      ...things.map(([name, { s3, slack, events }]) => [name, words(s3), words(slack), words(events)]),
      [`sweep of ${sweep.channels} conversations, nothing new`, '–', words(sweep.slack), '–'],
      [
        `journal of ${journal.files} files: ${Math.round(journal.bytes / journal.files)} bytes each`,
        ...[words(journal.requests), '–', '–'],
      ],
    ],
  };
}

/** What each command asked of Slack and S3 besides its answer. */
export function commandsTable({ commands }: Counts): Table {
  const asked = ({ s3, slack }: Counted) =>
    [words(slack), ...(total(s3) > 0 ? [`S3: ${words(s3)}`] : [])].join('; ');
  return {
    title: 'Commands',
    columns: ['', 'asked by somebody new', 'again within a minute'],
    rows: commands.map(({ line, person, cold, warm }) => [
      `\`${line}\`${person === 'carla' ? ' (admin)' : ''}`,
      ...[asked(cold), asked(warm)],
    ]),
  };
}

/** The bill of a large workspace, in dollars. */
export function billTable(counts: Counts): Table {
  const lines = billOf(counts, TEN_THOUSAND, S3_STANDARD);
  const year = (line: Line) => sum(Array.from({ length: 12 }, (_, i) => line.cost(i + 1)));
  const costs = ({ cost, ...line }: Line) => [cost(1), cost(12), year({ cost, ...line })];
  const all = [0, 1, 2].map((column) => sum(lines.map((line) => costs(line)[column] ?? 0)));
  return {
    title: `S3 for ${TEN_THOUSAND.people.toLocaleString('en-US')} people, in dollars`,
    columns: ['', 'formula, a month', 'first month', 'twelfth month', 'first year'],
    rows: [
      ...lines.map((line) => [line.what, line.formula, ...costs(line).map(dollars)]),
      ['**Together**', '', ...all.map((one) => `**${dollars(one)}**`)],
    ],
  };
}

/** What Slack is asked in the working hours, against its limits. */
export function slackTable(counts: Counts): Table {
  return {
    title: 'Slack, a minute of the working hours',
    columns: ['', 'formula, a month', 'a minute', 'Slack allows'],
    rows: slackLoad(counts, TEN_THOUSAND).map(({ what, formula, perMinute, limit }) => [
      ...[what, formula, perMinute.toFixed(1), limit],
    ]),
  };
}

const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
const dollars = (value: number) => value.toFixed(2);

function size(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`;
}
