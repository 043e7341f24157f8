import { type Imported, measureEntries, measureRows } from '../import/measure.ts';
import type { Part } from '../part.ts';

const ROWS = { long: 100_000, short: 1_000 };
const ENTRIES = { long: 10_000_000, short: 100_000 };
const PROMISED_MB = 100;
/** 2,000 rows a second on two processors. */
const PROMISED_MS = 0.5;

export const imports: Part = {
  name: 'import',
  title: 'Import',
  question: 'How quick does an import write down what an archive tells, and does it stay small?',
  async run({ short, say }) {
    const [rows, entries] = short ? [ROWS.short, ENTRIES.short] : [ROWS.long, ENTRIES.long];
    say(`${rows} files in ${rows * 10} messages`);
    const many = await measureRows(rows);
    say(`${entries} entries in a zip file`);
    const large = await measureEntries(entries);
    const n = (value: number) => value.toLocaleString('en-US');
    const cells = (name: string, one: Imported) => [
      name,
      one.files === 0 ? '' : n(Math.round(one.files / one.seconds)),
      one.files === 0 ? '' : ((one.cpuSeconds / one.files) * 1_000).toFixed(2),
      one.seconds.toFixed(1),
      mb(one).toFixed(0),
    ];
    return {
      tables: [
        {
          title: 'Imports into SQLite',
          columns: ['archive', 'rows a second', 'processor for a row, ms', 'took, s', 'process grew by, MB'],
          rows: [
            cells(`${n(rows)} files in ${n(rows * 10)} messages`, many),
            cells(`${n(entries)} entries in the zip file`, large),
          ],
        },
      ],
      notes: [
        'The archive has no bytes and no links that open by themselves: so it is the reading, and the catalog’s rows with everything derived from them. Bytes cost what a capture costs.',
        'Rows a second are of the clock, on a machine that others may use; the processor’s time is the process’s own, on all its threads.',
      ],
      marks: [
        {
          label: 'A row of an import, on one processor',
          ...{ value: (many.cpuSeconds / many.files) * 1_000, limit: PROMISED_MS, unit: 'ms' },
        },
        {
          label: 'An import grows the process by',
          ...{ value: Math.max(mb(many), mb(large)), limit: PROMISED_MB, unit: 'MB' },
        },
      ],
      numbers: { rows: many, entries: large },
    };
  },
};

const mb = ({ grownBytes }: Imported) => grownBytes / 1e6;
