import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch } from './frozen/journal-triggers.ts';

/**
 * The second person of a direct message between two people, which an import can tell. The bot's own direct messages have
 * one person.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text } = columnTypes(kind);
  await run(db, [`alter table channel add column im_other_id ${text}`]);
  await rewatch(db, kind, 'channel');
}
