import { UserError } from '../errors.ts';

/** The form's check refuses these values, but they were sent all the same. `problem` is its sentence. */
export const badRules = (problem: string) => new UserError('bad_rules', problem);
