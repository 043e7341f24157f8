import { startSink, startSource } from '../hosts/start.ts';
import type { Watched } from '../memory/measure.ts';
import { measureRun, type Run } from '../memory/runs.ts';
import type { Part, Report, Table } from '../part.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const MB = 1e6;
/** How much 32 captures of 1 GiB may grow the process. */
const PROMISED_MB = 100;

interface Scenario extends Run {
  name: string;
  /** How many bytes a second the bucket takes of each request; as many as it can when nothing is said. */
  bucketRate?: number;
}

type Seen = Scenario & { seen: Watched };

/** What a slow bucket takes, and twice what a slow source gives. */
const SLOW_RATE = MIB;

export const memory: Part = {
  name: 'memory',
  title: 'Memory',
  question: 'How much does the process grow by many large files at once, and by many that wait?',
  async run({ short, say }) {
    const source = await startSource();
    const measure = async (scenario: Scenario): Promise<Seen> => {
      const { name, bucketRate } = scenario;
      const sink = await startSink(bucketRate === undefined ? {} : { rate: bucketRate });
      try {
        const seen = await measureRun(scenario, source, sink);
        say(`${name}: ${mb(grown(seen))} MB`);
        return { ...scenario, seen };
      } finally {
        sink.close();
      }
    };
    // Other work on the machine does not change the bytes held, so runs that mostly wait may share it.
    const together = (all: Scenario[]) => Promise.all(all.map(measure));
    try {
      const { slow, whole, others, queues } = scenarios(short);
      const held = await together([...slow, ...others]);
      const ours = held.slice(0, slow.length);
      const theirs = held.slice(slow.length);
      return reportOf({ ours, toTheEnd: await measure(whole), theirs, waiting: await together(queues) });
    } finally {
      source.close();
    }
  },
};

function scenarios(short: boolean) {
  const bytes = short ? 16 * MIB : 2 ** 30;
  const many = short
    ? { way: 'vault', files: 4, atOnce: 4, bytes, warmUpBytes: 64 * KIB, forMs: 800 }
    : { way: 'vault', files: 32, atOnce: 32, bytes, warmUpBytes: MIB, forMs: 12_000 };
  const bucketRate = short ? 8 * SLOW_RATE : SLOW_RATE;
  const size = (files: number, each: number) => `${files} × ${each / MIB} MiB`;
  const name = size(many.files, bytes);
  const endBytes = short ? bytes : 104 * MIB;
  const wholeBuffers = { files: Math.max(2, many.files / 8), bytes: bytes / 8 };
  const due = {
    ...{ way: 'vault', files: 200, atOnce: 8, bytes: 256 * KIB, warmUpBytes: 64 * KIB, bucketRate },
    forMs: short ? 500 : 6_000,
  };
  const queue = (times: number): Scenario => {
    const count = (due.files * times).toLocaleString('en-US');
    return { ...due, times, name: `${due.atOnce} at once, ${count} due` };
  };
  return {
    slow: [
      { ...many, bucketRate, name: `${name}, fast source, slow bucket` },
      { ...many, bucketRate, sourceRate: bucketRate / 2, name: `${name}, slow source, slow bucket` },
    ],
    whole: {
      ...{ ...many, bytes: endBytes, forMs: 60_000 },
      name: `${size(many.files, endBytes)} to their end, source and bucket at full speed`,
    },
    others: [
      { ...many, bucketRate, way: 'lib-storage', name: `lib-storage: ${name}, fast source, slow bucket` },
      {
        ...{ ...many, ...wholeBuffers, bucketRate, way: 'tutorial' },
        name: `whole buffers: ${size(wholeBuffers.files, wholeBuffers.bytes)}, fast source, slow bucket`,
      },
    ],
    queues: [queue(1), queue(short ? 5 : 500)],
  };
}

const grown = ({ peak, before }: Watched) => peak.rss - before.rss;
const heldMore = ({ held, before }: Watched) =>
  held.heapUsed + held.external - before.heapUsed - before.external;
const mb = (bytes: number) => (bytes / MB).toFixed(0);

interface Findings {
  ours: Seen[];
  toTheEnd: Seen;
  theirs: Seen[];
  waiting: Seen[];
}

function reportOf({ ours, toTheEnd, theirs, waiting }: Findings): Report {
  const all = [...ours, toTheEnd, ...theirs];
  const worst = Math.max(...ours.map(({ seen }) => grown(seen)));
  const rows = Math.max(...waiting.map(({ seen }) => seen.mostInHand));
  const idle = ours.filter(({ files, seen }) => seen.begun < files);
  return {
    tables: [largeFiles(all), waitingFiles(waiting)],
    notes: [
      'The resident memory (RSS) of a process that does nothing but capture: worker, SQLite catalog and all. Grown is its peak, looked at every 50 ms, over what it was after eight small captures and a garbage collection. Held is what the JavaScript heap and its buffers had after a collection in the middle of it, over what they had before.',
      `The slow bucket takes ${(ours[0]?.bucketRate ?? 0) / MIB} MiB a second of each request and the slow source gives half of that. 1 GiB would take long, so those runs are cut off in mid-flight after ${(ours[0]?.forMs ?? 0) / 1_000} s; one of smaller files runs to its end.`,
      'Whole buffers take at least the size of all files together: 32 GiB for 32 × 1 GiB.',
      ...idle.map(
        ({ name, files, seen }) =>
          `${name}: the bucket had seen bytes of ${seen.begun} of the ${files} files only; the others waited for their turn, or for a first part to be full.`,
      ),
    ],
    marks: [
      {
        ...{ label: 'Memory grown by 32 captures of 1 GiB, slow bucket', unit: 'MB' },
        ...{ value: worst / MB, limit: PROMISED_MB },
      },
      {
        ...{ label: 'Rows in memory while 100,000 files wait', unit: 'rows' },
        ...{ value: rows, limit: waiting[0]?.atOnce ?? 0 },
      },
    ],
    numbers: { all, waiting },
  };
}

function largeFiles(all: Seen[]): Table {
  return {
    title: 'Large files at once',
    columns: ['', 'begun', 'ended', 'MB moved', 'before, MB', 'peak, MB', '**grown, MB**', 'held, MB'],
    rows: all.map(({ name, seen }) => [
      name,
      ...[seen.begun, seen.stored].map(String),
      ...[seen.bytes, seen.before.rss, seen.peak.rss, grown(seen), heldMore(seen)].map(mb),
    ]),
  };
}

function waitingFiles(all: readonly Seen[]): Table {
  return {
    title: 'Files that wait',
    columns: ['', 'captured', 'most rows in hand', 'before, MB', '**grown, MB**', 'held, MB'],
    rows: all.map(({ name, seen }) => [
      name,
      ...[seen.stored, seen.mostInHand].map(String),
      ...[seen.before.rss, grown(seen), heldMore(seen)].map((bytes) => (bytes / MB).toFixed(1)),
    ]),
  };
}
