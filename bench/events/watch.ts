import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is looked at; so much at most is counted too much in each delay. In ms. */
export const RESOLUTION_MS = 2;

/** What a process was like since `begin`. */
export interface Watched {
  /** Between two looks at the event loop; the process did nothing else in the longest. */
  delayMs: { p50: number; p99: number; max: number };
  /** Time of both processors, in the process and in the kernel for it. */
  cpuSeconds: number;
  /** The part of the time in which the event loop was busy. */
  busy: number;
  rssBytes: number;
}

/** Begins to watch this process. */
export function watch(): { begin(): void; read(): Watched } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let cpu = process.cpuUsage();
  let loop = performance.eventLoopUtilization();
  return {
    begin() {
      delays.reset();
      cpu = process.cpuUsage();
      loop = performance.eventLoopUtilization();
    },
    read() {
      const { user, system } = process.cpuUsage(cpu);
      return {
        delayMs: {
          p50: delays.percentile(50) / 1e6,
          p99: delays.percentile(99) / 1e6,
          max: delays.max / 1e6,
        },
        cpuSeconds: (user + system) / 1e6,
        busy: performance.eventLoopUtilization(loop).utilization,
        rssBytes: process.memoryUsage.rss(),
      };
    },
  };
}
