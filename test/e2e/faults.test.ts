import { describe, it } from 'vitest';
import { play } from '../faults/play.ts';
import { SCENARIOS } from '../faults/scenarios.ts';

/** `npm run faults` draws its own; here a run is like the one before. FAULTS_SEED gives another. */
const seed = Number(process.env.FAULTS_SEED ?? 20_261_123);

// They mostly wait, so several share the machine. Each has a vault, a bucket and a Slack of its own.
describe.concurrent(`faults, the short run (seed ${seed})`, { timeout: 420_000 }, () => {
  for (const scenario of SCENARIOS) {
    if (scenario.fullOnly) continue;
    const missing = scenario.missing?.();
    if (missing !== undefined) console.log(`skipped: ${scenario.name}: ${missing}`);
    it.skipIf(missing !== undefined)(`${scenario.name}: ${scenario.does}`, async ({ expect }) => {
      const { files, said, ...complaints } = await play(scenario, seed, 'short');
      expect(complaints, said).toEqual({ lost: [], doubled: [], wrong: [] });
      expect(files).toBeGreaterThan(0);
    });
  }
});
