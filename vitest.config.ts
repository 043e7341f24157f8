import { defineConfig } from 'vitest/config';
import LongFirst from './test/long-first.ts';

const unit = ['test/**/*.test.ts'];
const storage = ['test/storage/**/*.test.ts'];
const endToEnd = ['test/e2e/**/*.test.ts'];

// Three projects, so that each runs alone: `npm run test:unit`, `test:storage` (at any bucket), `test:e2e`.
export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A proxy of this machine must not come between a test and its servers.
    env: { HTTPS_PROXY: '', HTTP_PROXY: '', https_proxy: '', http_proxy: '' },
    // By default one processor is left idle, which on two is half of the machine.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: unit,
          exclude: [...storage, ...endToEnd],
          globalSetup: ['./test/helpers/shared-postgres.ts'],
        },
      },
      { extends: true, test: { name: 'storage', include: storage } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: endToEnd,
          testTimeout: 180_000,
          // Mostly they wait for processes of their own; after the others, so that those have the processors.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
