import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes, the longest first. */
const LONG = ['faults', 'rights', 'rebuild', 'status', 'browser', 'start', 'bad-configuration'];

/**
 * Long files begin first, so that none of them is still running alone when all others are done. On a fresh checkout
 * Vitest goes by the size of a file only, and `faults.test.ts`, the longest, is one of the smallest.
 */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONG.findIndex((name) => moduleId.endsWith(`/e2e/${name}.test.ts`));
      return found < 0 ? LONG.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
