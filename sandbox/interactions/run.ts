import { openDarkroom } from '../darkroom.ts';
import { count } from './measure.ts';

/**
 * `npm run interactions`: does what people do most on the sandbox's page, in a real browser, and prints how many
 * interactions each took, and how many it may take. `CHROMIUM_PATH` names the browser. Ends with 1 if one took more, or
 * could not be done.
 */
const { sandbox, browser, say, close } = await openDarkroom();
try {
  const results = await count(sandbox, () => browser.newPage());
  const wide = Math.max(...results.map(({ job }) => job.name.length));
  say(`${'job'.padEnd(wide)}  took  may take`);
  for (const { job, took, problem } of results) {
    const note = problem ? `  ${problem}` : took > job.limit ? '  too many' : '';
    say(`${job.name.padEnd(wide)}  ${String(took).padStart(4)}  ${String(job.limit).padStart(8)}${note}`);
  }
  if (results.some(({ job, took, problem }) => problem !== null || took > job.limit)) process.exitCode = 1;
} finally {
  await close();
}
