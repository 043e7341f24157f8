import { setFlagsFromString } from 'node:v8';

/** The first V8 with this flag, in Node 24; an older one would complain. */
const V8_MAJOR = 13;

/**
 * File bytes are in buffers outside V8's heap. After each 64 MB of them V8 searches its whole heap and finds nothing,
 * which takes a quarter of a download's processor time. With this flag, buffers and heap are counted together, as V8
 * plans to do for everybody; a third of such collections are left.
 */
export function countBuffersWithHeap(): void {
  if (Number.parseInt(process.versions.v8, 10) >= V8_MAJOR)
    setFlagsFromString('--external-memory-accounted-in-global-limit');
}

/**
 * What an import holds is small, and what it throws away is much: V8 would let that grow to some 100 MB before it looks. With this
 * flag it looks when the heap has grown by a fifth, which costs 5 % of the processor's time. It limits nothing: what is needed,
 * stays.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
}
