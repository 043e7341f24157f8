import { Registry } from 'prom-client';
import type { DeliveryDone, MetricsPage, S3RequestDone, SlackCallObserver } from '../observed.ts';
import { captureMeters, type Meters } from './captures.ts';
import { deliveryMeters, socketGauge } from './deliveries.ts';
import { dependencyGauge } from './dependencies.ts';
import { drillGauges } from './drills.ts';
import { diskGauges, processGauges } from './process.ts';
import { s3RequestMeters } from './s3-requests.ts';
import { slackCallMeters } from './slack-calls.ts';
import type { Source } from './source.ts';
import { totalGauges } from './totals.ts';
import { workGauges } from './work.ts';

export type { Meters } from './captures.ts';

/** Everything that `/metrics` tells. docs/alerts.md lists it. */
export interface Metrics extends MetricsPage {
  /** Where a part adds meters of its own. */
  registry: Registry;
  meters: Meters;
  deliveries(done: DeliveryDone): void;
  slackCalls: SlackCallObserver;
  s3Requests(done: S3RequestDone): void;
  /** The gauges that are read when somebody asks; called once, when the parts are there that they read. */
  watch(o: Watched): void;
}

export interface Watched {
  source: Source;
  ready(): Promise<{ checks: Record<string, string> }>;
  bots(): number | undefined;
  /** How many sockets are open; undefined in HTTP mode. */
  sockets: (() => number) | undefined;
  /** SQLite's folder; undefined with PostgreSQL. */
  dataDir: string | undefined;
  sweepMinutes: number;
  verifyHours: number;
  drillDays: number;
  build: Parameters<typeof processGauges>[1];
}

/** Makes the counters at once, so that the parts can be given them. Names and labels follow prometheus.io/docs/practices/naming. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  return {
    registry,
    meters: captureMeters(registry),
    deliveries: deliveryMeters(registry),
    slackCalls: slackCallMeters(registry),
    s3Requests: s3RequestMeters(registry),
    watch({ source, ready, sockets, dataDir, build, ...rest }) {
      processGauges(registry, build);
      if (dataDir !== undefined) diskGauges(registry, dataDir);
      if (sockets !== undefined) socketGauge(registry, sockets);
      dependencyGauge(registry, ready);
      workGauges(registry, source);
      totalGauges(registry, source, rest);
      drillGauges(registry, source, rest.drillDays);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
