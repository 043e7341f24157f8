/** What a process holds, in bytes. */
export interface Memory {
  rss: number;
  /** Objects of JavaScript. */
  heapUsed: number;
  /** What such objects own outside the heap, including buffers. */
  external: number;
  arrayBuffers: number;
}

/** Looks at this process' memory every `everyMs`; the function that it returns stops that and tells each peak. */
export function watchMemory(everyMs: number): () => Memory {
  const peak = memoryNow();
  const look = () => {
    const now = memoryNow();
    for (const name of Object.keys(peak) as (keyof Memory)[]) peak[name] = Math.max(peak[name], now[name]);
  };
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    look();
    return peak;
  };
}

/** What is held when all garbage is collected, as far as this process may collect it (`--expose-gc`). */
export function settledMemory(): Memory {
  // The first collection may only find that something is garbage, and the next one frees it.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  return memoryNow();
}

function memoryNow(): Memory {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss, heapUsed, external, arrayBuffers };
}
