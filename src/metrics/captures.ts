import { Counter, type Registry } from 'prom-client';

/** How an attempt to capture can end; see `CaptureOutcome`. */
const OUTCOMES = ['stored', 'skipped', 'failed', 'deferred', 'handed_back', 'lost_lease'] as const;

/** What the jobs, commands and clicks count. */
export interface Meters {
  captured: Counter<'outcome'>;
  capturedBytes: Counter;
  answers: Counter<'what'>;
}

/** Counters of this process about captures and answers. */
export function captureMeters(registry: Registry): Meters {
  const registers = [registry];
  const meters: Meters = {
    captured: new Counter({
      name: 'vault_captures_total',
      help: 'Attempts of this process to capture a file, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    capturedBytes: new Counter({
      name: 'vault_captured_bytes_total',
      help: 'Bytes of files and versions that this process stored in the bucket',
      registers,
    }),
    answers: new Counter({
      name: 'vault_answers_total',
      help: 'Commands and clicks that this process answered, by what was asked for',
      labelNames: ['what'],
      registers,
    }),
  };
  for (const outcome of OUTCOMES) meters.captured.inc({ outcome }, 0);
  return meters;
}
