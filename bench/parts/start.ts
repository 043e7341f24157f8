import { makeSurroundings } from '../bots/surroundings.ts';
import { loadedCatalog } from '../catalog-file.ts';
import { median, type Part } from '../part.ts';
import { copyOf, measureNode, measureStart, newFolder, type Start } from '../start/measure.ts';

const FILES = { long: 1_000_000, short: 1_000 };
const ROUNDS = { long: 6, short: 1 };
const SIX_YEARS_MS = 6 * 365 * 86_400_000;
const PROMISED_MS = 2_000;
/** A start with many files may take so many times one with none. */
const PROMISED_RATIO = 1.25;

export const start: Part = {
  name: 'start',
  title: 'Start',
  question: 'How long does a bot take from nothing to ready, with an empty catalog and with a million files?',
  async run({ short, say }) {
    const files = short ? FILES.short : FILES.long;
    const rounds = short ? ROUNDS.short : ROUNDS.long;
    const loaded = await loadedCatalog(files, Math.floor(SIX_YEARS_MS / files), say);
    // Slack lets an app open only so many sockets in a minute, and this one starts more often than any other.
    const around = await makeSurroundings(10, { limits: 'off' });
    const { folder } = around;
    try {
      const full = copyOf(loaded, folder, around.slack.workspace.teamId);
      const node: number[] = [];
      const sides: Record<'first' | 'empty' | 'full', Start[]> = { first: [], empty: [], full: [] };
      const empty = () => newFolder(folder, 'empty');
      // Makes sure that what earlier starts keep exists and has already been read.
      await measureStart(around, empty());
      await measureStart(around, full);
      for (let round = 0; round < rounds; round++) {
        node.push(await measureNode());
        const nothingKept = { NODE_COMPILE_CACHE: newFolder(folder, 'compiled') };
        sides.first.push(await measureStart(around, empty(), nothingKept));
        sides.empty.push(await measureStart(around, empty()));
        sides.full.push(await measureStart(around, full));
        say(
          `ready after ${ms(sides.empty.at(-1)?.ms ?? 0)}, with ${number(files)} files after ${ms(sides.full.at(-1)?.ms ?? 0)}`,
        );
      }
      const ready = (of: readonly Start[]) => median(of.map((one) => one.ms));
      return {
        tables: [
          {
            title: 'From the start of the process until /readyz says 200, Socket Mode connected',
            columns: ['', 'ready', 'CPU', 'memory', 'sources', 'catalog', 'the rest'],
            rows: [
              row('the first start of all, empty catalog', sides.first),
              row('empty catalog', sides.empty),
              row(`${number(files)} files`, sides.full),
            ],
          },
        ],
        notes: [
          `The real src/main.ts; medians of ${rounds}, sides interleaved, memory as it is resident when ready. Node alone takes ${ms(median(node))} to start and end.`,
          `Sources: Node, 1,400 files of the bot and its packages, the configuration, until Slack was first asked. Catalog: Slack's answer, opening the catalog, finding the bucket. The rest: trying what the bucket can do, workers, port, connection to Slack.`,
          `The first start of all compiles and keeps what later ones find. All files are in the system's page cache in every case; a start after a start of the machine reads them from its disk first. Slack and the bucket are on the same machine: a real start waits for some dozen round trips besides.`,
        ],
        marks: [
          { label: 'Ready, empty catalog', value: ready(sides.empty), limit: PROMISED_MS, unit: 'ms' },
          {
            label: `Ready with ${number(files)} files, against an empty catalog`,
            value: ready(sides.full) / ready(sides.empty),
            limit: PROMISED_RATIO,
            unit: '×',
          },
        ],
        numbers: { files, node, ...sides },
      };
    } finally {
      await around.close();
    }
  },
};

function row(name: string, starts: readonly Start[]): string[] {
  const middle = (of: (one: Start) => number) => median(starts.map(of));
  return [
    ...[name, ms(middle((one) => one.ms)), `${middle((one) => one.cpuSeconds).toFixed(2)} s`],
    `${(middle((one) => one.rssBytes) / 2 ** 20).toFixed(0)} MiB`,
    ...(['sources', 'catalog', 'rest'] as const).map((phase) => ms(middle((one) => one.phases[phase]))),
  ];
}

const ms = (value: number) => `${value.toFixed(0)} ms`;
const number = (value: number) => value.toLocaleString('en-US');
