import type { Generated } from 'kysely';
import type { DueColumns } from './due-columns.ts';

/** Work that the vault does for itself now and then, one process at a time; see chores.ts. */
export interface ChoreTable extends DueColumns {
  name: string;
  /** JSON: what the chore remembers from one time to the next. */
  memo: string;
}

/** Something that is wrong and that an admin can mend; see troubles.ts. */
export interface TroubleTable {
  id: Generated<number>;
  teamId: string;
  topic: string;
  /** JSON: the trouble itself. */
  detail: string;
  raisedAt: number;
  clearedAt: number | null;
  /** Which message to the admins told of it; null while none has. */
  round: number | null;
}
