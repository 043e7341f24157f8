/** `npm run faults`: everything that can break, broken on purpose. One line for each fault; see docs/guarantees.md. */
import { parseArgs } from 'node:util';
import { play } from './play.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** Scenarios mostly wait, so several share the machine. */
const AT_ONCE = 4;

/** The whole run ends by then, whatever hangs. */
const LIMIT_MS = 60 * 60_000;

const { values } = parseArgs({
  options: { seed: { type: 'string' }, only: { type: 'string' }, short: { type: 'boolean' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const scale = values.short ? 'short' : 'full';
const { only } = values;
const named = SCENARIOS.filter(({ name }) => name === only);
// The name of one may be the beginning of another's.
const chosen =
  named.length > 0 ? named : SCENARIOS.filter(({ name }) => only === undefined || name.includes(only));
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

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

let bad = 0;
const waiting = [...chosen];
await Promise.all(Array.from({ length: AT_ONCE }, work));
process.exit(bad > 0 ? 1 : 0);

async function work(): Promise<void> {
  for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
    const reason = scenario.missing?.();
    if (reason === undefined) await tell(scenario);
    else console.log(`skip  ${scenario.name}: ${reason}`);
  }
}

/** Plays a scenario and prints its line, and one more line for each complaint. */
async function tell(scenario: Scenario): Promise<void> {
  const began = Date.now();
  const about = () =>
    `(${((Date.now() - began) / 1_000).toFixed(0)} s, seed ${seed}${scale === 'short' ? ', short' : ''})`;
  try {
    const { files, lost, doubled, wrong, said } = await play(scenario, seed, scale);
    const complaints = [...lost, ...doubled, ...wrong];
    const sum = `${files} files, lost ${lost.length}, doubled ${doubled.length}, wrong ${wrong.length}`;
    const verdict = complaints.length > 0 ? 'FAIL' : 'ok  ';
    const more = [...complaints, ...(said ? [`The bots said last:${said}`] : [])]
      .map((line) => `\n        ${line}`)
      .join('');
    console.log(`${verdict}  ${scenario.name}: ${scenario.does}; ${sum} ${about()}${more}`);
    if (complaints.length > 0) bad += 1;
  } catch (error) {
    console.log(`FAIL  ${scenario.name}: ${scenario.does} ${about()}\n        ${(error as Error).stack}`);
    bad += 1;
  }
}
