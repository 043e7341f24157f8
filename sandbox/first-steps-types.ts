/** The five things that a newcomer tries, in their order. */
export const STEPS = ['drop', 'land', 'find', 'admin', 'break'] as const;

export type StepName = (typeof STEPS)[number];

/** How far the people of this sandbox have come. */
export interface FirstSteps {
  /** In the order of `STEPS`. */
  done: StepName[];
  /** Somebody has put the path away. */
  hidden: boolean;
}
