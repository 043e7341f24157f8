import type { Generated } from 'kysely';
import type { DueColumns } from './due-columns.ts';

/** Work that the vault repeats for itself, one process at a time; see periodic-jobs.ts. */
export interface PeriodicJobTable extends DueColumns {
  name: string;
  /** JSON: what the periodic job remembers from one time to the next. */
  memo: string;
}

/** Something that is wrong and that an admin can fix; see alerts.ts. */
export interface AlertTable {
  id: Generated<number>;
  teamId: string;
  topic: string;
  /** JSON: the alert itself. */
  detail: string;
  raisedAt: number;
  clearedAt: number | null;
  /** Which message to the admins told of it; null while no message has. */
  round: number | null;
}

/** A command or click that came; see seen-requests.ts. */
export interface SeenRequestTable {
  /** SHA-256 of Slack's signature. */
  digest: string;
  at: number;
}
