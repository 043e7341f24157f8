import { UserError } from '../errors.ts';

/** A form that its own check had let through. `problem` is the sentence beside the field. */
export const badRules = (problem: string) => new UserError('bad_rules', problem);
