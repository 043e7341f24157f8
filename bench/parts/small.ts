import { measureSize, type Sized, setStage } from '../capture/measure.ts';
import type { Part, Table } from '../part.ts';

const BYTES = 100 * 1024;
const AT_ONCE = [1, 8, 32];
const SIDES = ['vault', 'vault-bytes', 'floor', 'tutorial'];
/** Without and with what makes files found by words (`VAULT_TEXT=all`), and with the index of them, which is written a moment later. */
const TEXTS = ['vault', 'vault-texts', 'vault-texts-indexed'];
const MOST_PERCENT = 2;
/** What the SDK adds to one request on the machines that the project was planned on, in ms of processor time. */
const SDK_MS = 1.2;

type Small = Sized & { atOnce: number; files: number };

export const small: Part = {
  name: 'small',
  title: 'Small files',
  question:
    'How many files of 100 KiB go through in a second, and what does each cost, at 1, 8 and 32 at once?',
  async run({ short, say }) {
    const rounds = short ? 1 : 5;
    const ours = short ? 10 : 1_000;
    const theirs = short ? 10 : 200;
    const stage = await setStage([...new Set([...SIDES, ...TEXTS])], null, short);
    try {
      const all: Small[] = [];
      for (const atOnce of AT_ONCE) {
        const plan = { bytes: BYTES, files: ours, othersFiles: theirs, atOnce, rounds, toolRuns: 0 };
        const one = { ...(await measureSize(stage, SIDES, [], plan)), atOnce, files: ours * rounds };
        say(`${atOnce} at once: ${perSecond(one).toFixed(0)} files a second`);
        all.push(one);
      }
      const eight = all[1] as Small;
      // In turns, and more often than the others: what is to be seen is small.
      const turns = { bytes: BYTES, files: ours, atOnce: 8, rounds: 3 * rounds, toolRuns: 0 };
      const { cpuMs } = await measureSize(stage, TEXTS, [], turns);
      const [without = Number.NaN, withTexts = Number.NaN, indexed = Number.NaN] = TEXTS.map(
        (side) => cpuMs[side],
      );
      const percent = (withTexts / without - 1) * 100;
      return {
        tables: [
          table(all),
          {
            title: 'What words cost a capture: 100 KiB, 8 at once, CPU ms for a file',
            columns: ['without', 'with VAULT_TEXT=all', 'more', 'and put into the index, a moment later'],
            rows: [[without.toFixed(3), withTexts.toFixed(3), `${percent.toFixed(1)} %`, indexed.toFixed(3)]],
          },
        ],
        notes: [
          `${(ours * rounds).toLocaleString('en-US')} files for each line. Files a second are of the clock, with the hosts on the same processors: they are the machine's as much as the bot's.`,
          'With words, each message has 15 of them, which are kept, and each file is written down to be read. A moment later the words of many messages are put into the index together. Reading itself is done beside it, later.',
          `The SDK's own cost for a request, which was to be beaten (${SDK_MS} ms where the project was planned), shows between the last two columns: buffering and the SDK against the floor.`,
        ],
        marks: [
          {
            ...{ label: 'Above the floor for the bytes of 100 KiB', unit: 'ms' },
            ...{ value: above(eight, 'vault-bytes'), limit: SDK_MS },
          },
          {
            label: 'What words add to a capture',
            value: Math.max(0, percent),
            limit: MOST_PERCENT,
            unit: '%',
          },
        ],
        numbers: { all, percent },
      };
    } finally {
      stage.close();
    }
  },
};

const perSecond = ({ wallMs }: Small, side = 'vault') => 1_000 / (wallMs[side] ?? Number.NaN);
const above = ({ cpuMs }: Small, side: string) => (cpuMs[side] ?? Number.NaN) - (cpuMs.floor ?? Number.NaN);

function table(all: Small[]): Table {
  return {
    title: 'Files of 100 KiB',
    columns: [
      ...[
        'at once',
        'files a second',
        'CPU ms for a file',
        'its bytes alone',
        'floor',
        'fetch, buffer, PutObject',
      ],
    ],
    rows: all.map((one) => [
      ...[String(one.atOnce), perSecond(one).toFixed(0)],
      ...SIDES.map((side) => one.cpuMs[side]?.toFixed(2) ?? '–'),
    ]),
  };
}
