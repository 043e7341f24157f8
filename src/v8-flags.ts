import { setFlagsFromString } from 'node:v8';

/** The first V8 that knows the flag, in Node 24; an older one would complain. */
const V8_MAJOR = 13;

/**
 * Files flow through as buffers outside V8's heap, and V8 looks through all of its heap after each 64 MB of them: a
 * quarter of the processor's time of a download, though there is nothing in the heap to be found. Here their growth
 * counts together with the heap's, as V8 means to do for everybody; a third of such collections are left.
 */
export function countBuffersWithHeap(): void {
  if (Number.parseInt(process.versions.v8, 10) >= V8_MAJOR)
    setFlagsFromString('--external-memory-accounted-in-global-limit');
}
