import type { Generated } from 'kysely';
import type { DueColumns } from './due-columns.ts';

/** One row while audit entries are written to the bot's output; see audit-feed.ts. Its lease says which bot writes. */
export type AuditFeedTable = DueColumns;

/** One entry that no line tells yet. The ids are in the order of the commits. */
export interface AuditLineTable {
  id: Generated<number>;
  auditId: number;
}
