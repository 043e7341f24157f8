import { noPostgres } from '../../test/helpers/postgres.ts';
import { startServer } from '../answers/sizes.ts';
import type { Mark, Options, Part, Report } from '../part.ts';
import { type Searched, searchPostgres, searchSqlite } from '../search/measure.ts';

/** What a search by words may take, p99, in ms; and an index, as a part of the text. */
const PROMISED = { SQLite: 150, PostgreSQL: 300 };
const INDEX = 0.4;

/** With ten million files, every ninth has texts: as many in the large channel as in the others. */
const EVERY = 9;

const HOW =
  'Every file (on PostgreSQL at ten million, every ninth) has a message of 15 words and a document of 3,000 (some 20 kB), drawn so that frequent words are as frequent as in texts, and that a document repeats its own words and pairs as people’s do. Commands go to the very listeners that Slack’s deliveries reach; Slack and the bucket answer at once. Each search is asked up to 100 times within a second, and seven times at least, “for the first time” with other words each time; with fewer than 100 runs, p99 is the worst.';

export const search: Part = {
  name: 'search',
  title: 'Searching by words',
  question: 'What does a search by what was said and by contents take, and how large are the indexes?',
  async run({ short, say }) {
    const pace = { say, ...(short ? { runs: 3 } : {}) };
    const sizes = [
      await searchSqlite(short ? 300 : 10_000, pace),
      await searchSqlite(short ? 1_000 : 100_000, pace),
    ];
    const { searched, notes } = await onPostgres(short ? 300 : 100_000, { short, say });
    return reportOf([...sizes, ...searched], notes);
  },
};

export const searchLarge: Part = {
  name: 'search-large',
  title: 'Searching a million documents by words',
  question: 'What does a search by words take at a million documents, 20 GB of text?',
  onlyWhenNamed: true,
  async run({ short, say }) {
    const pace = { say, ...(short ? { runs: 3 } : {}) };
    const sqlite = await searchSqlite(short ? 1_000 : 1_000_000, pace);
    const { searched, notes } = await onPostgres(short ? 9_000 : 10_000_000, { short, say, every: EVERY });
    return reportOf([sqlite, ...searched], notes);
  },
};

async function onPostgres(
  files: number,
  { short, say, every = 1 }: Pick<Options, 'short' | 'say'> & { every?: number },
): Promise<{ searched: Searched[]; notes: string[] }> {
  const missing = noPostgres();
  if (missing !== undefined) return { searched: [], notes: [`PostgreSQL was not measured: ${missing}.`] };
  const server = await startServer();
  try {
    return {
      searched: [await searchPostgres(server, files, { say, every, ...(short ? { runs: 3 } : {}) })],
      notes: [],
    };
  } finally {
    await server.close();
  }
}

const number = (value: number) => value.toLocaleString('en-US');
const ms = (value: number) => value.toFixed(1);
const megabytes = (bytes: number) => number(Math.round(bytes / 1e6));

export function reportOf(sizes: readonly Searched[], notes: string[]): Report {
  const names = sizes[0]?.timings.map(({ name }) => name) ?? [];
  const head = sizes.map(({ database, files }) => `${database}, ${number(files)} files`);
  const cell = ({ database, timings }: Searched, name: string) => {
    const timing = timings.find((one) => one.name === name);
    if (timing === undefined) return '';
    const p99 = timing.p99 > PROMISED[database] ? `**${ms(timing.p99)}**` : ms(timing.p99);
    const failed = timing.problems.length > 0 ? ` failed: ${timing.problems.join(', ')}` : '';
    return `${ms(timing.median)} / ${p99}${failed}`;
  };
  return {
    tables: [
      {
        title: 'Searches: median / p99, ms',
        columns: ['search', ...head],
        rows: names.map((name) => [name, ...sizes.map((size) => cell(size, name))]),
      },
      {
        title: 'What the texts take in the catalog',
        columns: ['catalog', 'documents', 'text, MB', 'said, MB', 'contents, MB', 'contents to text'],
        rows: sizes.map((size) => [
          ...[size.database, number(size.documents), megabytes(size.textBytes), megabytes(size.saidBytes)],
          ...[megabytes(size.contentsBytes), (size.contentsBytes / size.textBytes).toFixed(2)],
        ]),
      },
    ],
    notes: [HOW, ...notes],
    marks: sizes.flatMap(marksOf),
    numbers: sizes,
  };
}

function marksOf(size: Searched): Mark[] {
  const where = `${number(size.documents)} documents, ${size.database}`;
  const slowest = Math.max(...size.timings.map(({ p99 }) => p99));
  return [
    {
      label: `Slowest search by words, p99, ${where}`,
      value: slowest,
      limit: PROMISED[size.database],
      unit: 'ms',
    },
    {
      ...{ label: `Index of contents to text, ${where}`, value: size.contentsBytes / size.textBytes },
      ...{ limit: INDEX, unit: '×' },
    },
  ];
}
