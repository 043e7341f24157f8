import { type Mark, median, type Table } from '../part.ts';
import type { Fairness } from './fairness.ts';
import type { SlackUse } from './slack-limits.ts';
import type { Work } from './throughput.ts';

/** Rounds of crews of several sizes over the same load. */
export interface Load {
  /** How the files come, in a few words. */
  name: string;
  rounds: Work[];
}

const perFileMs = (seconds: number | null, files: number) =>
  seconds === null ? null : (seconds * 1_000) / files;
const ms = (value: number | null) => (value === null ? 'unknown' : value.toFixed(1));

/** The rounds of each size of crew, smallest first. */
function sizes({ rounds }: Load): Work[][] {
  const by = Map.groupBy(rounds, ({ bots }) => bots);
  return [...by.keys()].sort((a, b) => a - b).map((bots) => by.get(bots) as Work[]);
}

const speed = (rounds: readonly Work[]) => median(rounds.map(({ files, seconds }) => files / seconds));

/** Files a second, processor time, and whether each came once, for each size of crew. */
export function workTable(loads: readonly Load[]): Table {
  const rows = loads.flatMap((load) => {
    const all = sizes(load);
    return all.map((rounds) => {
      const middle = (of: (work: Work) => number | null) => {
        const values = rounds.map(of);
        return values.includes(null) ? null : median(values as number[]);
      };
      const files = rounds.reduce((sum, round) => sum + round.files, 0);
      const stored = rounds.reduce((sum, round) => sum + round.stored, 0);
      const again = rounds.reduce((sum, round) => sum + round.again, 0);
      return [
        ...[load.name, String(rounds[0]?.bots), speed(rounds).toFixed(0)],
        `${(speed(rounds) / speed(all[0] ?? [])).toFixed(2)} ×`,
        ms(middle((work) => perFileMs(work.botCpuSeconds, work.files))),
        ms(middle((work) => perFileMs(work.serverCpuSeconds, work.files))),
        `${stored - again} of ${files}`,
      ];
    });
  });
  const columns = [
    'load',
    'bots',
    'files a second',
    'of one bot',
    'CPU ms a file, all bots',
    'CPU ms a file, PostgreSQL',
  ];
  return { title: 'One database, several bots', columns: [...columns, 'sent to the bucket once'], rows };
}

/** How long quiet channels wait beside a busy one. */
export function fairnessTable(all: readonly Fairness[]): Table {
  return {
    title: 'A channel with a flood, and quiet channels whose files fall due after all of it',
    columns: ['bots', 'files of the flood', 'took', 'quiet channels', 'median wait', 'worst wait'],
    rows: all.map((one) => [
      ...[String(one.bots), String(one.flood), `${one.floodSeconds.toFixed(1)} s`, String(one.few)],
      ...[`${one.medianWaitSeconds.toFixed(2)} s`, `${one.worstWaitSeconds.toFixed(2)} s`],
    ]),
  };
}

/** What was asked of Slack, against what it grants. */
export function slackTable({ bots, seconds, methods, busiestTenSeconds }: SlackUse): Table {
  return {
    title: `What ${bots} bots ask of Slack together, started at once and watched for ${seconds.toFixed(0)} s`,
    columns: ['calls', 'number', 'in the busiest minute', 'Slack grants', 'answered with 429'],
    rows: [
      ...methods
        .toSorted((a, b) => b.calls - a.calls)
        .map(({ method, calls, busiestMinute, granted, refused }) => [
          ...[method, String(calls), String(busiestMinute)],
          ...[granted === null ? '' : `${granted} a minute`, String(refused)],
        ]),
      ['messages in one channel', '', `${busiestTenSeconds} in ten seconds`, 'about 1 a second', ''],
    ],
  };
}

/** What was promised. */
export function marksOf(slow: Load, fairness: readonly Fairness[], slack: SlackUse): Mark[] {
  const [one = [], ...more] = sizes(slow);
  const most = more.at(-1) ?? one;
  const bots = most[0]?.bots ?? 1;
  const worst = Math.max(...fairness.map((of) => (100 * of.worstWaitSeconds) / of.floodSeconds));
  const history = slack.methods.find(({ method }) => method === 'conversations.history');
  return [
    {
      label: `Time of ${bots} bots for what takes one 100, slow downloads`,
      value: (100 * speed(one)) / speed(most),
      limit: 150 / bots,
      unit: '',
    },
    {
      label: 'Worst wait of a quiet channel, of the time of a flood beside it',
      value: worst,
      limit: 25,
      unit: '%',
    },
    {
      label: `conversations.history in a minute, ${slack.bots} bots`,
      value: history?.busiestMinute ?? 0,
      limit: history?.granted ?? 50,
      unit: 'calls',
    },
  ];
}
