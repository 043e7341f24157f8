import { packedIds } from '../../src/catalog/postings/ids.ts';
import { MOST_DOCUMENTS, partsOf } from '../../src/catalog/postings/segment.ts';

/** A segment of the index of contents, as it is once its documents were merged three times. */
export interface FilledSegment {
  id: number;
  ids: number[];
  packed: Buffer;
  parts: Array<{ firstKey: number; bits: Buffer }>;
}

/** Its level (postings/merge.ts). */
export const LEVEL = 3;

/** Makes segments of documents, in their order. */
export function createSegments() {
  let ids: number[] = [];
  let keys: Float64Array[] = [];
  let last = 0;
  const made = (): FilledSegment => {
    const parts = Array.from(partsOf(keys), (bits) => ({ firstKey: bits.readUIntLE(0, 6), bits }));
    const segment = { id: ++last, ids, packed: packedIds(ids), parts };
    ids = [];
    keys = [];
    return segment;
  };
  return {
    /** A segment that is full with this document, if it is. */
    add(id: number, has: readonly number[]): FilledSegment | undefined {
      ids.push(id);
      keys.push(Float64Array.from(has));
      return ids.length === MOST_DOCUMENTS ? made() : undefined;
    },
    /** The last one; undefined when no document is left. */
    end: (): FilledSegment | undefined => (ids.length > 0 ? made() : undefined),
  };
}
