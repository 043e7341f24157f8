import { Gauge, type Registry } from 'prom-client';
import { type DrillMemo, differences, lastDrill } from '../catalog/alerts/drills.ts';
import { DAY_MS } from '../time.ts';
import { createSample } from './sample.ts';
import { type Source, WHOLE } from './source.ts';

/** A drill is a matter of days. */
const EVERY_MS = 55_000;

/** What the restore drills found. */
export function drillGauges(registry: Registry, source: Source, drillDays: number): void {
  const registers = [registry];
  const reading = createSample(() => lastDrill(source().catalog), { everyMs: EVERY_MS });
  const told = (name: string, help: string, of: (memo: DrillMemo) => number) =>
    new Gauge({
      ...{ name, help: `${help}. ${WHOLE}`, registers },
      async collect() {
        const memo = await reading();
        this.set(memo === undefined ? Number.NaN : of(memo));
      },
    });
  told(
    'vault_drill_last_run_timestamp_seconds',
    'When the last restore drill ended, whatever it found; 0 before the first',
    ({ last }) => (last?.finishedAt ?? 0) / 1_000,
  );
  told(
    'vault_drill_waits_since_timestamp_seconds',
    'When the last restore drill ended; before the first, since when this catalog has wanted drills',
    ({ last, wantedSince }) => (last?.finishedAt ?? wantedSince ?? Number.NaN) / 1_000,
  );
  told(
    'vault_drill_last_success_timestamp_seconds',
    'When the last restore drill ended that found nothing; 0 before the first',
    ({ cleanAt = 0 }) => cleanAt / 1_000,
  );
  told(
    'vault_drill_differences',
    'Things that would not come back from the bucket as they are, by the last restore drill',
    ({ last }) => (last === undefined ? 0 : differences(last)),
  );
  told(
    'vault_drill_objects_read',
    'Objects that all restore drills together have read whole',
    ({ readInAll = 0 }) => readInAll,
  );
  new Gauge({
    name: 'vault_drill_interval_seconds',
    help: 'How often a restore drill is done (VAULT_DRILL_DAYS); 0 for never',
    registers,
  }).set((drillDays * DAY_MS) / 1_000);
}
