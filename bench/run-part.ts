import { PARTS } from './parts/index.ts';

/** The process of one part: started by `run.ts`, to which it sends the report. */
const [name, ...flags] = process.argv.slice(2);
const part = PARTS.find((one) => one.name === name);
if (part === undefined || process.send === undefined) throw new Error('run.ts starts this');
const report = await part.run({
  short: flags.includes('--short'),
  say: (line) => console.error(`  ${line}`),
});
process.send(report, () => process.exit(0));
