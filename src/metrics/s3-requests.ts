import { Counter, Histogram, type Registry } from 'prom-client';
import type { S3RequestDone } from '../observed.ts';
import { fromZero } from './from-zero.ts';

const OUTCOMES = [
  ...(['ok', 'not_found', 'taken', 'slow_down', 'denied'] as const),
  ...(['refused', 'failed', 'unreachable', 'aborted'] as const),
];
/** A large file takes minutes. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Counts this process's requests to the bucket; each try counts. */
export function s3RequestMeters(registry: Registry): (done: S3RequestDone) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'vault_s3_requests_total',
    help: 'Requests of this process to the bucket, by operation and outcome: ok, not_found, taken, slow_down, denied, refused, failed, unreachable, aborted',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'vault_s3_request_duration_seconds',
    help: 'How long a request to the bucket took; uploads with their bytes, downloads until the bytes begin',
    labelNames: ['operation'],
    buckets: BUCKETS,
    registers,
  });
  const begin = fromZero((operation) => {
    for (const outcome of OUTCOMES) requests.inc({ operation, outcome }, 0);
  });
  return ({ operation, outcome, seconds }) => {
    begin(operation);
    requests.inc({ operation, outcome });
    durations.observe({ operation }, seconds);
  };
}
