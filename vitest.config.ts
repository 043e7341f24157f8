import { defineConfig } from 'vitest/config';

// Three projects, so that each runs alone: `npm run test:storage` points the storage tests at any bucket.
export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/storage/**', 'test/e2e/**'] },
      },
      { extends: true, test: { name: 'storage', include: ['test/storage/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
