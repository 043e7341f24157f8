import { Gauge, type Registry } from 'prom-client';
import { type Alert, openAlerts } from '../catalog/alerts/alerts.ts';
import { botSchemas, scanModes } from '../catalog/alerts/bots.ts';
import { failingReasons } from '../catalog/alerts/failing.ts';
import { FINDING_KINDS, type VerifySummary } from '../catalog/alerts/findings.ts';
import { memoOf } from '../catalog/alerts/periodic-jobs.ts';
import { sweepStatus } from '../catalog/alerts/status.ts';
import { holdSums, storedSum } from '../catalog/totals/overdue.ts';
import { trashTotal, unkeptSums } from '../catalog/totals/stats.ts';
import { FAILURE_CODES, failureLabel, NOT_KEPT_REASONS } from './reasons.ts';
import { createSample, type Sample } from './sample.ts';
import { type Source, WHOLE } from './source.ts';

/** These change slowly, and summing up costs more. */
const EVERY_MS = 55_000;
const UNKNOWN = Number.NaN;
const ALERT_KINDS = [
  'failing',
  'scope',
  'removed',
  'renewed',
  'verify',
  'drill',
  'infected',
  'scanner',
] as const satisfies ReadonlyArray<Alert['kind']>;

/** What the vault holds and what is wrong with it. The numbers are up to a minute old. */
export function totalGauges(
  registry: Registry,
  source: Source,
  o: { bots(): number | undefined; sweepMinutes: number; verifyHours: number },
): void {
  const reading = createSample(() => read(source()), { everyMs: EVERY_MS });
  type Found = Awaited<ReturnType<typeof read>>;

  const single = (name: string, help: string, of: (found: Found) => number) =>
    gauge(registry, reading, { name, help: `${help}. ${WHOLE}` }, of);
  const several = (
    name: string,
    { help, label, values }: { help: string; label: string; values: readonly string[] },
    of: (found: Found, value: string) => number,
  ) =>
    new Gauge({
      ...{ name, help: `${help}. ${WHOLE}`, labelNames: [label], registers: [registry] },
      async collect() {
        const found = await reading();
        for (const value of values)
          this.set({ [label]: value }, found === undefined ? UNKNOWN : of(found, value));
      },
    });

  single('vault_stored_files', 'Files that are stored', ({ stored }) => stored.files);
  single(
    'vault_stored_bytes',
    'Bytes of all stored files and their older versions',
    ({ stored }) => stored.bytes,
  );
  single('vault_trash_files', 'Files in the trash', ({ trash }) => trash.files);
  single('vault_trash_bytes', 'Bytes of the files in the trash', ({ trash }) => trash.bytes);
  single('vault_holds', 'Holds in force', ({ held }) => held.holds);
  single(
    'vault_held_files',
    'Files under a hold; under two holds, a file counts twice',
    ({ held }) => held.files,
  );
  several(
    'vault_failing_files',
    { help: 'Files whose last attempt failed, by code; up to 10,000', label: 'code', values: FAILURE_CODES },
    ({ failing }, code) => failing.get(code) ?? 0,
  );
  several(
    'vault_not_kept_files',
    { help: 'Files recorded without their bytes, by reason', label: 'reason', values: NOT_KEPT_REASONS },
    ({ notKept }, reason) => notKept.get(reason) ?? 0,
  );
  several(
    'vault_alerts_open',
    {
      help: 'What admins are told in Slack and nobody has mended, by kind',
      label: 'kind',
      values: ALERT_KINDS,
    },
    ({ alerts }, kind) => alerts.filter((alert) => alert === kind).length,
  );
  several(
    'vault_verify_findings',
    {
      help: 'What the last comparison of catalog and bucket found, by kind',
      label: 'kind',
      values: FINDING_KINDS,
    },
    ({ verified }, kind) => verified?.counts[kind as (typeof FINDING_KINDS)[number]] ?? 0,
  );
  single(
    'vault_verify_last_run_timestamp_seconds',
    'When the last comparison of catalog and bucket ended; 0 before the first',
    ({ verified }) => (verified?.finishedAt ?? 0) / 1_000,
  );
  single(
    'vault_last_sweep_timestamp_seconds',
    'When the last sweep of any channel ended; 0 before the first',
    ({ sweep }) => (sweep.lastAt ?? 0) / 1_000,
  );
  single(
    'vault_unreadable_channels',
    'Channels whose last sweep failed',
    ({ sweep }) => sweep.unreadable.length,
  );
  single(
    'vault_bot_schemas',
    'Schemas that the running bots know; more than one while versions are exchanged',
    ({ schemas }) => schemas.length,
  );

  single(
    'vault_scan_modes',
    'Settings of the malware check that the running bots have; more than one while VAULT_SCAN or VAULT_SCAN_UNSCANNED differ',
    ({ modes }) => Math.max(1, modes.length),
  );

  const setting = (name: string, help: string, seconds: number) =>
    new Gauge({ name, help, registers: [registry] }).set(seconds);
  setting(
    'vault_verify_interval_seconds',
    'How often catalog and bucket are compared (VAULT_VERIFY_HOURS); 0 for never',
    o.verifyHours * 3_600,
  );
  setting(
    'vault_sweep_interval_seconds',
    'How often every channel is swept (VAULT_SWEEP_MINUTES); 0 for only when there is a reason',
    o.sweepMinutes * 60,
  );
  new Gauge({
    name: 'vault_bots',
    help: `Bots that share the catalog, as this one last counted them. ${WHOLE}`,
    registers: [registry],
    collect() {
      this.set(o.bots() ?? UNKNOWN);
    },
  });
}

function gauge<Found>(
  registry: Registry,
  reading: Sample<Found>,
  about: { name: string; help: string },
  of: (found: Found) => number,
): void {
  new Gauge({
    ...{ ...about, registers: [registry] },
    async collect() {
      const found = await reading();
      this.set(found === undefined ? UNKNOWN : of(found));
    },
  });
}

async function read({ catalog, teamId, now }: ReturnType<Source>) {
  const [stored, trash, held, reasons, unkept, open, memo, sweep, schemas, modes] = await Promise.all([
    storedSum(catalog, teamId),
    trashTotal(catalog, teamId),
    holdSums(catalog, teamId),
    failingReasons(catalog, teamId, now()),
    unkeptSums(catalog, { teamId, channelIds: [], whole: true }),
    openAlerts(catalog, teamId),
    memoOf(catalog, 'verify') as Promise<{ last?: VerifySummary }>,
    sweepStatus(catalog, teamId),
    botSchemas(catalog),
    scanModes(catalog),
  ]);
  const failing = new Map<string, number>();
  for (const { code, files } of reasons) {
    const label = failureLabel(code);
    failing.set(label, (failing.get(label) ?? 0) + files);
  }
  const notKept = new Map(unkept.notKept.map(({ reason, files }) => [reason, files]));
  const alerts = open.map(({ alert }) => alert.kind);
  return { stored, trash, held, failing, notKept, alerts, verified: memo.last, sweep, schemas, modes };
}
