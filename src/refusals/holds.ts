import { UserError } from '../errors.ts';

export const noSuchHold = () =>
  new UserError('no_such_hold', 'This hold is not in force; somebody may have lifted it.');

/** The form's check refuses these values, but they were sent all the same. `problem` is its sentence. */
export const badHold = (problem: string) => new UserError('bad_hold', problem);
