import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch } from './frozen/journal-triggers.ts';

/** In which workspaces of an organisation a channel is. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text } = columnTypes(kind);
  await run(db, [`alter table channel add column workspaces ${text}`]);
  await rewatch(db, kind, 'channel');
}
