/** Writes src/rehearse/shapes/expected.json: `npm run rehearse:shapes`. A test says so when it is out of date. */
import { writeFileSync } from 'node:fs';
import { record } from './rehearsal/record.ts';

const FILE = new URL('../src/rehearse/shapes/expected.json', import.meta.url);

writeFileSync(FILE, `${JSON.stringify(await record())}\n`);
