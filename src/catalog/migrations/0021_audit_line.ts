import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * What it takes to write the audit log's entries to the bot's output, in the order of their commits. While `audit_feed` has
 * its row, a trigger notes each new entry in `audit_line`.
 *
 * On PostgreSQL, ids are given out before the commit, so a later id may be seen first. The trigger runs at the end of its
 * transaction, takes a lock that lasts until the commit is done, and only then takes the next number. So numbers are in the
 * order of the commits, and nothing is waited for while the lock is held. Sources: postgresql.org/docs/current,
 * sql-createtrigger ("Constraint triggers … deferred": "at the end of the transaction") and explicit-locking,
 * "Advisory Locks". A rebuild from the bucket, by hand (1) or by itself (3), puts back old entries: they are not told again.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int } = columnTypes(kind);
  const neverReused = kind === 'sqlite' ? 'integer primary key autoincrement' : id;
  const wanted = `exists (select 1 from audit_feed) and not exists (select 1 from journal where rebuilding in (1, 3))`;
  await run(db, [
    `create table audit_feed (
      id ${int} primary key check (id = 1), due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0)`,
    `create table audit_line (id ${neverReused}, audit_id ${int} not null)`,
    ...(kind === 'sqlite'
      ? [
          `create trigger audit_line_insert after insert on audit when ${wanted}
            begin insert into audit_line (audit_id) values (new.id); end`,
        ]
      : [
          `create function note_audit_line() returns trigger language plpgsql as $$ begin
            if ${wanted} then
              perform pg_advisory_xact_lock(hashtextextended('ria-vault audit line', 0));
              insert into audit_line (audit_id) values (new.id);
            end if;
            return null;
          end $$`,
          `create constraint trigger audit_line_insert after insert on audit deferrable initially deferred
            for each row execute function note_audit_line()`,
        ]),
  ]);
}
