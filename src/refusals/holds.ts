import { UserError } from '../errors.ts';

export const noSuchHold = () =>
  new UserError('no_such_hold', 'This hold is not in force; somebody may have lifted it.');

/** A wrong form that passed its own check. `problem` is the sentence beside the field. */
export const badHold = (problem: string) => new UserError('bad_hold', problem);
