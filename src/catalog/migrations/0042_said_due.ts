import { type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * What was said is put into SQLite's index a moment later, many messages at once: with each file it took as long as a twentieth of the whole capture, as
 * SQLite writes an index's page for every transaction that touches it.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') return;
  await run(db, [
    'create table said_due (id integer primary key)',
    `create trigger said_insert after insert on said begin insert or ignore into said_due (id) values (new.id); end`,
  ]);
}
