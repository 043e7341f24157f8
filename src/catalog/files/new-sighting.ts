import type { Sighting } from '../model.ts';

/** A sighting to be written down. */
export interface NewSighting extends Sighting {
  /** When to fetch it, if not at once (ms). */
  dueAt?: number;
  /** The backfill that found it. */
  backfillId?: number;
}
