import type { CopiedFile, Place } from '../capture/side.ts';

/** What the process that is watched is asked to do. */
export interface Job {
  /** `vault`, or the name of another way in `../capture/sides`. */
  way: string;
  place: Place;
  /** Copied before the memory is looked at first. */
  warmUp: CopiedFile[];
  files: CopiedFile[];
  /** For `vault`: a catalog in which the files are due, and possibly others. */
  dataDir: string;
  atOnce: number;
  /** It is stopped after this time, in ms. */
  forMs: number;
}

/** A way to keep files, at work. */
export interface Subject {
  /** Copies everything; resolves when the last file is in the bucket. Throws what went wrong. */
  copyAll(): Promise<void>;
  /** How many are in the bucket. */
  stored(): number;
  /** The most files that were in hand at one moment. */
  mostInHand(): number;
}
