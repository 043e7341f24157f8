import { UserError } from '../errors.ts';

/** A wrong form that passed its own check. `problem` is the sentence beside the field. */
export const badRules = (problem: string) => new UserError('bad_rules', problem);
