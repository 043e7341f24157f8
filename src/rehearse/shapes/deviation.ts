type DeviationKind = 'missing' | 'new' | 'other kind' | 'other form' | 'other word';

/** One difference between what the sandbox sends and what was really sent. It holds no value. */
export interface Deviation {
  kind: DeviationKind;
  /** Where, for example `event.body.payload.event.files[].mode`. */
  path: string;
  /** What the sandbox sends there, in a few words. */
  expected: string;
  seen: string;
  /** Whether the vault reads this. Otherwise nothing depends on it. */
  matters: boolean;
}
