import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DeliveryDone } from '../observed.ts';
import { fromZero } from './from-zero.ts';

const OUTCOMES = ['acknowledged', 'refused'] as const;
/** Slack sends an event again after 3 s without an answer. Source: docs.slack.dev/apis/events-api, "Responding". */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10];

/** Counts what Slack delivers to this process, and how long it takes until Slack knows that it came. */
export function deliveryMeters(registry: Registry): (done: DeliveryDone) => void {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'vault_deliveries_total',
    help: 'Deliveries from Slack to this process, by kind and outcome; a refused one is sent again by Slack',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const acknowledged = new Histogram({
    name: 'vault_delivery_acknowledgement_seconds',
    help: 'Time from the arrival of a delivery to its acknowledgement; Slack gives up after 3 s',
    buckets: BUCKETS,
    registers,
  });
  const begin = fromZero((kind) => {
    for (const outcome of OUTCOMES) deliveries.inc({ kind, outcome }, 0);
  });
  return ({ kind, acknowledged: isDone, seconds }) => {
    begin(kind);
    deliveries.inc({ kind, outcome: isDone ? 'acknowledged' : 'refused' });
    if (isDone) acknowledged.observe(seconds);
  };
}

/** How many of the connections of Socket Mode are open. In HTTP mode there are none to count. */
export function socketGauge(registry: Registry, connected: () => number): void {
  new Gauge({
    name: 'vault_slack_sockets_connected',
    help: 'Open connections of Socket Mode in this process, of two; only in Socket Mode',
    registers: [registry],
    collect() {
      this.set(connected());
    },
  });
}
