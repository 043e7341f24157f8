import type { SegmentStore } from '../../src/journal/store.ts';
import { StorageError } from '../../src/storage/errors.ts';

/** A bucket for segments in memory, create-only like the real one, that can be told to die around a write. */
export interface MemoryStore extends SegmentStore {
  segments: Map<string, Map<number, Buffer>>;
  histories(): string[];
  /** What the next write does: fail before it takes effect, or die after it, like a kill between write and record. */
  next: 'work' | 'refuse' | 'die_after';
  puts: number;
}

/** What a process that was killed throws at nobody. */
class Killed extends Error {}

export function memoryStore(): MemoryStore {
  const segments = new Map<string, Map<number, Buffer>>();
  const of = (history: string) => segments.get(history) ?? new Map<number, Buffer>();
  return {
    segments,
    histories: () => [...segments.keys()],
    next: 'work',
    puts: 0,
    async put(history, number, bytes) {
      const { next } = this;
      this.next = 'work';
      if (next === 'refuse') throw new StorageError('bucket_busy', 'The bucket is busy.');
      if (of(history).has(number)) throw new StorageError('object_conflict', 'The key is taken.');
      segments.set(history, of(history).set(number, bytes));
      this.puts += 1;
      if (next === 'die_after') throw new Killed();
    },
    async *list(history, after = 0) {
      for (const number of [...of(history).keys()].sort((a, b) => a - b))
        if (number > after) yield { number, writtenAt: number };
    },
    async get(history, number) {
      const bytes = of(history).get(number);
      if (!bytes) throw new StorageError('object_missing', 'There is no such segment.');
      return bytes;
    },
    async remove(history, number) {
      of(history).delete(number);
    },
  };
}
