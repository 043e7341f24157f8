import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is checked, in ms; each delay is at most this much too long. */
export const RESOLUTION_MS = 2;

/** How often the main thread's own time is read, in ms. */
const CPU_LOOK_MS = 5;

/** What a process was like since `begin`. */
export interface Watched {
  /** Between two looks at the event loop; the process did nothing else in the longest. */
  delayMs: { p50: number; p99: number; max: number };
  /**
   * The longest work of the main thread itself between two checks: a delay without the time in which the machine made
   * it wait.
   */
  longestWorkMs: number;
  /** Processor time, in the process and in the kernel for it. */
  cpuSeconds: number;
  /** The part of the time in which the event loop was busy. */
  busy: number;
  rssBytes: number;
}

/** Begins to watch this process. */
export function watch(): { begin(): void; read(): Watched } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let longestWorkMs = 0;
  let thread = process.threadCpuUsage();
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(thread);
    longestWorkMs = Math.max(longestWorkMs, (user + system) / 1_000);
    thread = process.threadCpuUsage();
  }, CPU_LOOK_MS).unref();
  let cpu = process.cpuUsage();
  let loop = performance.eventLoopUtilization();
  return {
    begin() {
      delays.reset();
      longestWorkMs = 0;
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
        longestWorkMs,
        cpuSeconds: (user + system) / 1e6,
        busy: performance.eventLoopUtilization(loop).utilization,
        rssBytes: process.memoryUsage.rss(),
      };
    },
  };
}
