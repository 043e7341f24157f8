import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongFirst from './test/long-first.ts';
import { memoryForTmp } from './test/memory-tmp.ts';
import { aloneTests } from './test/slow-tests.ts';

const unit = ['test/**/*.test.ts'];
const storage = ['test/storage/**/*.test.ts'];
const endToEnd = ['test/e2e/**/*.test.ts'];
const bundle = ['./test/helpers/bundled-bot.ts'];
const catalogs = ['./test/helpers/shared-sqlite.ts', './test/helpers/shared-postgres.ts'];

/** `isolate`: loading what they test takes most files longer than testing it; so files share processes. */
const SHARED = false;

// Projects, so that each runs alone: `npm run test:unit` (two of them), `test:storage` (at any bucket), `test:e2e`.
export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Its own second is too short for a browser on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    // A proxy of this machine must not come between a test and its servers.
    env: { HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: '', http_proxy: '' },
    // More than there are processors: many tests mostly wait for a process, a lock or a clock.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: unit,
          exclude: [...storage, ...endToEnd, ...aloneTests],
          globalSetup: catalogs,
          env: memoryForTmp(),
          isolate: SHARED,
        },
      },
      { extends: true, test: { name: 'unit-alone', include: aloneTests, globalSetup: catalogs } },
      { extends: true, test: { name: 'storage', include: storage, globalSetup: bundle } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: endToEnd,
          globalSetup: bundle,
          testTimeout: 300_000,
          // What they test is in the bot's process; their own have loaded a Slack, an S3 and a client of each.
          isolate: SHARED,
        },
      },
    ],
  },
});
