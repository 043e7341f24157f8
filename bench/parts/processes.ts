import { noPostgres, startPostgres } from '../../test/helpers/postgres.ts';
import { makeSurroundings, type Surroundings } from '../bots/surroundings.ts';
import { startSource } from '../hosts/start.ts';
import type { Options, Part, Report } from '../part.ts';
import type { Site } from '../processes/crew.ts';
import { beside } from '../processes/fairness.ts';
import { fairnessTable, type Load, marksOf, slackTable, workTable } from '../processes/report.ts';
import { useOfSlack } from '../processes/slack-limits.ts';
import { work } from '../processes/throughput.ts';

const BYTES = 16 * 1_024;
/** Bytes a second: a file takes a second, which leaves even a small machine's processors idle most of the time. */
const SLOW = 16 * 1_024;

const FULL = {
  crews: [1, 2, 4],
  rounds: 2,
  files: 300,
  warmUp: 40,
  slowFiles: 64,
  flood: 400,
  few: 20,
  sweeps: 100,
  watch: 30,
};
const SHORT = {
  crews: [2],
  rounds: 1,
  files: 20,
  warmUp: 1,
  slowFiles: 0,
  flood: 30,
  few: 3,
  sweeps: 5,
  watch: 6,
};

export const processes: Part = {
  name: 'processes',
  title: 'Several processes',
  question: 'What do 1, 2 and 4 bots do together on one PostgreSQL, and do they share fairly?',
  async run(options) {
    const missing = noPostgres();
    if (missing !== undefined)
      return { tables: [], notes: [`Not measured: ${missing}.`], marks: [], numbers: null };
    const server = await startPostgres({ durable: true });
    const source = await startSource();
    try {
      return await measure({ server, source }, options);
    } finally {
      source.close();
      await server.close();
    }
  },
};

async function measure(place: Pick<Site, 'server' | 'source'>, { short, say }: Options): Promise<Report> {
  const size = short ? SHORT : FULL;
  const within = async <T>(channels: number, run: (site: Site) => Promise<T>): Promise<T> => {
    // Over HTTP: Slack lets an app open only so many sockets.
    const around: Surroundings = await makeSurroundings(channels, { mode: 'http' });
    return run({ ...place, around }).finally(() => around.close());
  };
  const fast: Load = { name: 'as fast as can be', rounds: [] };
  const slow: Load = { name: 'downloads of 1 s', rounds: [] };
  await within(10, async (site) => {
    for (let round = 0; round < size.rounds; round++)
      for (const bots of size.crews) {
        const done = await work(site, { bots, files: size.files, warmUp: size.warmUp, bytes: BYTES });
        fast.rounds.push(done);
        say(`${bots} bots: ${(done.files / done.seconds).toFixed(0)} files a second`);
      }
    for (const bots of size.slowFiles === 0 ? [] : size.crews) {
      const done = await work(site, {
        ...{ bots, files: size.slowFiles, warmUp: size.warmUp },
        bytes: BYTES,
        rate: SLOW,
      });
      slow.rounds.push(done);
      say(`${bots} bots, slow downloads: ${(done.files / done.seconds).toFixed(0)} files a second`);
    }
  });
  const fairness = await within(size.few + 1, (site) =>
    beside(site, { bots: 2, flood: size.flood, few: size.few, bytes: BYTES }),
  );
  say(
    `beside a flood of ${fairness.floodSeconds.toFixed(1)} s others wait ${fairness.worstWaitSeconds.toFixed(1)} s at worst`,
  );
  const most = size.crews.at(-1) ?? 1;
  const slack = await within(size.sweeps, (site) =>
    useOfSlack(site, {
      bots: most,
      busy: Math.min(8, size.sweeps),
      each: short ? 1 : 5,
      seconds: size.watch,
    }),
  );
  const refused = slack.methods.reduce((sum, one) => sum + one.refused, 0);
  return {
    tables: [workTable([fast, slow]), fairnessTable([fairness]), slackTable(slack)],
    notes: [
      `The real src/main.ts in processes of its own, on one PostgreSQL of the benchmark's own (fsync on). Source, bucket and Slack are on the same machine, so that files as fast as can be show only what its processors allow; downloads of a second show how bots share what they wait for.`,
      `${BYTES / 1_024} KiB files in 10 channels, all due at the same moment; each bot works on 8 at once, and its crew has done ${size.warmUp} for each bot before, because the first cost a new process twice as much. Seconds are counted until the last is in the catalog as stored; median of ${size.rounds} rounds, sizes interleaved. CPU holds what the bots do besides: looking for work every two seconds, the journal.`,
      `The ${fairness.few} files of the quiet channels fall due 0.2 s after the ${fairness.flood} of the flood; they wait until their channel has its turn.`,
      `At their start all bots sweep ${size.sweeps} channels together, and ${slack.due} confirmations are due in ${Math.min(8, size.sweeps)} of them: ${slack.posted} were posted in ${slack.seconds.toFixed(0)} s, ${slack.twice} of them twice; the rest stay due. Slack refused ${refused} calls. What each bot takes is its part of what Slack grants, counted by who said in the last ten seconds that it is there; a bot that joins later may for up to a minute meet what the others have used up, and then obeys Retry-After.`,
    ],
    marks: short ? [] : marksOf(slow, [fairness], slack),
    numbers: { fast: fast.rounds, slow: slow.rounds, fairness, slack },
  };
}
