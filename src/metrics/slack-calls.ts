import { Counter, Histogram, type Registry } from 'prom-client';
import type { SlackCallObserver } from '../observed.ts';
import { fromZero } from './from-zero.ts';

const OUTCOMES = ['ok', 'rate_limited', 'unauthorized', 'refused', 'failed'] as const;
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts this process's calls to Slack. A call that is sent three times counts three times. */
export function slackCallMeters(registry: Registry): SlackCallObserver {
  const registers = [registry];
  const calls = new Counter({
    name: 'vault_slack_calls_total',
    help: 'Calls of this process to the Web API of Slack, by method and outcome: ok, rate_limited, unauthorized, refused, failed',
    labelNames: ['method', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'vault_slack_call_duration_seconds',
    help: 'How long a call to the Web API of Slack took, without the wait before it',
    labelNames: ['method'],
    buckets: BUCKETS,
    registers,
  });
  const waits = new Counter({
    name: 'vault_slack_wait_seconds_total',
    help: 'Time that calls of this process waited in line for the limits of Slack, by method',
    labelNames: ['method'],
    registers,
  });
  const begin = fromZero((method) => {
    for (const outcome of OUTCOMES) calls.inc({ method, outcome }, 0);
  });
  return {
    done({ method, outcome, seconds }) {
      begin(method);
      calls.inc({ method, outcome });
      durations.observe({ method }, seconds);
    },
    waited: (method, seconds) => waits.inc({ method }, seconds),
  };
}
