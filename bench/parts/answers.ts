import { noPostgres } from '../../test/helpers/postgres.ts';
import { marks, summary, tables } from '../answers/report.ts';
import { type Measured, measurePostgres, measureSqlite, startServer } from '../answers/sizes.ts';
import type { Options, Part, Report } from '../part.ts';

const HOW = [
  'Commands, clicks and submissions go to the very listeners that Slack’s deliveries reach, over a real catalog; Slack answers at once and the bucket is only signed for. So it is the bot’s own time: rights, queries, blocks, the entry in the audit log. Slack’s time and the network come on top.',
  'Every answer is given three times before it is timed, then up to 100 times within a second, and seven times at least; with fewer than 100 runs, p99 is the worst.',
];

export const answers: Part = {
  name: 'answers',
  title: 'Answers',
  question: 'What does the bot take for every command and click, at ten thousand files and at a million?',
  async run(options) {
    const { short } = options;
    const small = await measureSqlite(short ? 1_000 : 10_000, pace(options));
    const large = await measureSqlite(short ? 10_000 : 1_000_000, pace(options));
    const also = await onPostgres([short ? 1_000 : 10_000], options);
    return reportOf([small, large, ...also.sizes], marks(small, large), also.notes);
  },
};

export const answersLarge: Part = {
  name: 'answers-large',
  title: 'Answers from PostgreSQL',
  question:
    'What does the bot take for every command and click with PostgreSQL, at a million files and at ten?',
  onlyWhenNamed: true,
  async run(options) {
    const { short } = options;
    const { sizes, notes } = await onPostgres(short ? [1_000, 10_000] : [1_000_000, 10_000_000], options);
    const [small, large] = sizes;
    return reportOf(sizes, small && large ? marks(small, large) : [], notes);
  },
};

/** How often each thing is asked in a trial run. */
const pace = ({ short, say }: Options) => ({ say, ...(short ? { runs: 3 } : {}) });

/** Measures on a server of its own, or notes why there is none. */
async function onPostgres(
  files: number[],
  options: Options,
): Promise<{ sizes: Measured[]; notes: string[] }> {
  const missing = noPostgres();
  if (missing !== undefined) return { sizes: [], notes: [`PostgreSQL was not measured: ${missing}.`] };
  const server = await startServer();
  try {
    const sizes: Measured[] = [];
    for (const one of files) sizes.push(await measurePostgres(server, one, pace(options)));
    const note =
      'PostgreSQL runs beside the bot on the same machine, with a quarter of its memory as shared buffers and without fsync. The bot’s CPU is not the server’s.';
    return { sizes, notes: [note] };
  } finally {
    await server.close();
  }
}

function reportOf(sizes: Measured[], promised: Report['marks'], notes: string[]): Report {
  return {
    tables: sizes.length > 0 ? tables(sizes) : [],
    notes: [...sizes.map(summary), ...HOW, ...notes],
    marks: promised,
    numbers: sizes,
  };
}
