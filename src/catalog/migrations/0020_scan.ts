import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { watch } from './frozen/journal-triggers.ts';

/** What the malware scanner said of each version of a file. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int } = columnTypes(kind);
  await run(db, [
    `create table scan (
      id ${id}, team_id ${text} not null, file_id ${text} not null, number ${int} not null,
      sha256 ${text} not null, stored_at ${int} not null, state ${text} not null, since ${int} not null,
      reason ${text}, signature ${text}, scanned_with ${text}, scanned_at ${int},
      released_by ${text}, released_at ${int}, release_reason ${text},
      told ${int} not null default 0, broke ${int} not null default 0,
      due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0,
      unique (team_id, file_id, number))`,
    // What nobody has scanned yet goes first, so it has an index of its own.
    `create index scan_first on scan (due_at) where due_at is not null and state = 'waiting'`,
    `create index scan_again on scan (due_at) where due_at is not null and state <> 'waiting'`,
    `create index scan_not_clean on scan (team_id, state, since) where state <> 'clean'`,
    `create index scan_stored on scan (stored_at) where state <> 'waiting'`,
  ]);
  await watch(db, kind, {
    table: 'scan',
    kind: 'file',
    key: 'file_id',
    ignored: ['id', 'due_at', 'lease_owner', 'attempts', 'broke'],
  });
}
