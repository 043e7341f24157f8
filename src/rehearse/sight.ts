/** What one look saw: an answer, an event, or what a check found out itself. Compared only by its shape. */
export interface Sight {
  status?: string | number;
  headers?: Record<string, string>;
  body?: unknown;
  /** What the check states itself. Each value is compared exactly and may stand in the report. */
  facts?: Record<string, string>;
}

/** Hands over what was seen, under a name that is the same in every run. */
export type See = (name: string, ...sights: Sight[]) => void;
