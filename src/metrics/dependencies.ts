import { Gauge, type Registry } from 'prom-client';
import { createSample } from './sample.ts';

/** The parts that the process depends on. */
const DEPENDENCIES = ['slack', 'bucket', 'database'] as const;

/** Prometheus mostly scrapes every 15 s; so each scrape asks once, and a second Prometheus asks no more. */
const EVERY_MS = 5_000;
/** The checks have their own time limit of 3 s each. */
const DEADLINE_MS = 4_000;

/** Whether the process reaches what it depends on, as `/readyz` says it. */
export function dependencyGauge(
  registry: Registry,
  ready: () => Promise<{ checks: Record<string, string> }>,
): void {
  const checks = createSample(async () => (await ready()).checks, {
    everyMs: EVERY_MS,
    deadlineMs: DEADLINE_MS,
  });
  new Gauge({
    name: 'vault_dependency_up',
    help: 'Whether this process reaches slack, its bucket and its database now: 1 yes, 0 no, as /readyz says it',
    labelNames: ['dependency'],
    registers: [registry],
    async collect() {
      const words = await checks();
      for (const dependency of DEPENDENCIES) {
        const word = words?.[dependency];
        this.set({ dependency }, word !== undefined && !/^(down|waiting)/.test(word) ? 1 : 0);
      }
    },
  });
}
