import { globSync, readFileSync } from 'node:fs';

/** A test that starts a process, a browser or a benchmark, or that changes what a whole process goes by. */
const ALONE = /child_process|\/bench\/|page-build|helpers\/(?:browser|clamd|postgres|vault)|stubEnv\('HOME'/;

const tests = globSync('test/**/*.test.ts')
  .filter((path) => !/^test\/(?:e2e|storage)\//.test(path.replaceAll('\\', '/')))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** Such tests, without the bucket's and the whole bot's. They get a process of their own. */
export const aloneTests: string[] = tests.filter(({ text }) => ALONE.test(text)).map(({ path }) => path);

/** What is left out of the quick tests: these, and those that say of themselves that they take long (`@slow`). */
export const slowTests: string[] = tests
  .filter(({ text }) => ALONE.test(text) || text.includes('@slow'))
  .map(({ path }) => path);
