import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** A test that starts a process, a browser or a benchmark, or that says of itself that it takes long (`@slow`). */
const SLOW = /child_process|\/bench\/|page-build|helpers\/(?:browser|postgres|vault)|@slow/;

const NO_PROXIES = { HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: '', http_proxy: '' };

const slow = globSync('test/**/*.test.ts').filter((path) => SLOW.test(readFileSync(path, 'utf8')));

// `npm run test:quick`, for while you work: everything that runs in one process, on SQLite alone. CI runs it all.
export default defineConfig({
  test: {
    name: 'quick',
    reporters: ['default', './test/closing-line.ts'],
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/storage/**', ...slow],
    // Nor may a proxy of this machine come between a test and its servers.
    env: NO_PROXIES,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    isolate: false,
  },
});
