/** Writes src/rehearse/shapes/expected.json: `npm run rehearse:shapes`. A test says so when it is out of date. */
import { writeFileSync } from 'node:fs';
import { record } from './rehearsal/record.ts';

const FILE = new URL('../src/rehearse/shapes/expected.json', import.meta.url);

/** One look a line, so that a change of the file can be read. */
const nested = (value: object, depth: number): string => {
  if (depth === 0) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}: ${nested(one, depth - 1)}`,
  );
  return `{\n${entries.join(',\n')}\n}`;
};

const { checks, stores } = await record();
writeFileSync(FILE, `{\n"checks": ${nested(checks, 2)},\n"stores": ${nested(stores, 3)}\n}\n`);
