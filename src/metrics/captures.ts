import { Counter, type Registry } from 'prom-client';

/** What the jobs, commands and clicks count. */
export interface Meters {
  captured: Counter<'outcome'>;
  capturedBytes: Counter;
  answers: Counter<'what'>;
}

/** Counters of this process about captures and answers. */
export function captureMeters(registry: Registry): Meters {
  const registers = [registry];
  return {
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
}
