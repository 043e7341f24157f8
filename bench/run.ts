import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine, measureAnswers, PROMISED_MS, table } from './answers.ts';

/**
 * `npm run bench -- [answers|catalog] [--files N] [--out FILE]`: what the answers to commands and clicks take at
 * 10,000 files and at N (a million), or what the catalog's own queries take at N. The numbers also go to
 * `bench/results.json`. Nothing here fails for being slow.
 */
const SMALL = 10_000;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string', default: '1000000' }, out: { type: 'string' } },
});
const files = Number(values.files);
const [what = 'answers'] = positionals;
if (!Number.isSafeInteger(files) || files < 100 || !['answers', 'catalog'].includes(what)) {
  console.error(
    'Usage: npm run bench -- [answers|catalog] [--files N] [--out FILE], with N of at least 100.',
  );
  process.exit(2);
}
if (what === 'catalog') {
  const script = join(import.meta.dirname, 'catalog.ts');
  process.exit(spawnSync(process.execPath, [script, String(files)], { stdio: 'inherit' }).status ?? 1);
}

const say = (line: string) => console.error(line);
say(machine());
const small = await measureAnswers(Math.min(SMALL, files), { say });
const large = files > SMALL ? await measureAnswers(files, { say }) : small;
const loads = [small.loadBefore, small.loadAfter, large.loadBefore, large.loadAfter];
const out = values.out ?? join(import.meta.dirname, 'results.json');
writeFileSync(out, `${JSON.stringify({ machine: machine(), small, large }, null, 2)}\n`);
const slow = large.timings.filter(({ median }) => median > PROMISED_MS).length;
console.log(`${machine()}
Load of the machine before and after each size: ${loads.map((load) => load.toFixed(1)).join(', ')}

${table(small, large)}

${large.timings.length} answers, ${slow} with a median above ${PROMISED_MS} ms at ${large.files.toLocaleString('en-US')} files.`);
