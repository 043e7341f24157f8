import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Spec } from 'vega';

/** Drawing takes less than a second, but the machine may be busy. */
const LONGEST_MS = 20_000;

/**
 * Draws a chart as a PNG, in its own thread, which ends afterwards: the libraries take half a second and 60 MB, and
 * the rest of the bot should not wait for them or keep them. Rejects when the thread fails or takes longer than 20 s.
 */
export async function drawChart(spec: Spec): Promise<Buffer> {
  const worker = new Worker(new URL('draw-worker.ts', import.meta.url), { workerData: spec });
  try {
    // An `error` event of the worker rejects this.
    const [png] = await once(worker, 'message', { signal: AbortSignal.timeout(LONGEST_MS) });
    return Buffer.from(png as Uint8Array);
  } finally {
    await worker.terminate();
  }
}
