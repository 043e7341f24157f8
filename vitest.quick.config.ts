import { defineConfig } from 'vitest/config';
import { memoryForTmp } from './test/memory-tmp.ts';
import { slowTests } from './test/slow-tests.ts';

const NO_PROXIES = { HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: '', http_proxy: '' };
/** See test/runs.ts. */
const QUICK = '1';

// `npm run test:quick`, for while you work: everything that runs in one process, on SQLite alone. CI runs it all.
export default defineConfig({
  test: {
    name: 'quick',
    reporters: ['default', './test/closing-line.ts'],
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/storage/**', ...slowTests],
    globalSetup: ['./test/helpers/shared-sqlite.ts'],
    // Nor may a proxy of this machine come between a test and its servers.
    env: { ...NO_PROXIES, ...memoryForTmp(), QUICK },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two more than a small machine has processors: some tests wait for a clock.
    maxWorkers: 4,
    isolate: false,
  },
});
