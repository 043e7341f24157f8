/** `npm run faults`: everything that can break, broken on purpose. One line for each fault; see docs/guarantees.md. */
import { parseArgs } from 'node:util';
import { play } from './play.ts';
import { SCENARIOS } from './scenarios.ts';

/** The whole run ends by then, whatever hangs. */
const LIMIT_MS = 25 * 60_000;

const { values } = parseArgs({
  options: { seed: { type: 'string' }, only: { type: 'string' }, short: { type: 'boolean' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const scale = values.short ? 'short' : 'full';
const chosen = SCENARIOS.filter(({ name }) => values.only === undefined || name.includes(values.only));
if (chosen.length === 0) {
  console.error(
    `No fault is called that. There are:\n${SCENARIOS.map(({ name }) => `  ${name}`).join('\n')}`,
  );
  process.exit(2);
}

setTimeout(() => {
  console.error(`The run took longer than ${LIMIT_MS / 60_000} minutes and was ended. Seed ${seed}.`);
  process.exit(1);
}, LIMIT_MS).unref();

let bad = 0;
for (const scenario of chosen) {
  const reason = scenario.missing?.();
  if (reason !== undefined) {
    console.log(`skip  ${scenario.name}: ${reason}`);
    continue;
  }
  const began = Date.now();
  try {
    const { files, lost, doubled, wrong } = await play(scenario, seed, scale);
    const complaints = [...lost, ...doubled, ...wrong];
    const seconds = ((Date.now() - began) / 1_000).toFixed(0);
    if (complaints.length > 0) bad += 1;
    console.log(
      `${complaints.length > 0 ? 'FAIL' : 'ok  '}  ${scenario.name}: ${scenario.does}; ${files} files, ` +
        `lost ${lost.length}, doubled ${doubled.length}, wrong ${wrong.length} (${seconds} s, seed ${seed})`,
    );
    for (const complaint of complaints) console.log(`        ${complaint}`);
  } catch (error) {
    bad += 1;
    console.log(`FAIL  ${scenario.name}: ${scenario.does} (seed ${seed})\n        ${(error as Error).stack}`);
  }
}
process.exit(bad > 0 ? 1 : 0);
