import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * Which words of a document are neighbours (reading/pairs.ts), beside its words: on PostgreSQL in the same row; on SQLite as rows of
 * 512 bytes at most, as larger ones would have a page each, with the numbers from 4,096 times the id of the document's words. What was
 * read before gets them in the background, from the texts that are kept in the bucket.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, [
    ...(kind === 'postgres' ? onPostgres : onSqlite(columnTypes(kind).int)),
    `update reading set due_at = (select ${DUE} from file f where f.team_id = reading.team_id and f.file_id = reading.file_id)
      where state = 'read' and due_at is null and lease_owner is null`,
  ]);
}

/** As older files are; see reading/older.ts. */
const DUE = 'case when f.shared_at > 1000000000000 then 2000000000000 - f.shared_at else 1000000000000 end';

const onPostgres = [
  'alter table file_contents add column pairs bytea',
  // It is as good as random, so it is not worth packing; and of what is not packed, a piece can be read.
  'alter table file_contents alter column pairs set storage external',
  // Both long values stand beside the table: the closer its rows are to one another, the smaller is the index.
  'alter table file_contents set (toast_tuple_target = 128)',
];

/** Whatever takes away the words takes these, too: they say something of the contents. */
function onSqlite(int: string): string[] {
  const gone = (id: string) =>
    `delete from file_pairs where id between ${id} * 4096 and ${id} * 4096 + 4095;`;
  return [
    `create table file_pairs (id integer primary key, pieces ${int} not null, bits blob not null)`,
    `create trigger pairs_purge after update of state on file
      when old.state <> 'purged' and new.state = 'purged' begin ${gone('old.id')} end`,
    `create trigger pairs_delete after delete on file begin ${gone('old.id')} end`,
    `create trigger pairs_version_lost after update of lost_at on file_version
      when old.lost_at is null and new.lost_at is not null begin ${gone('-old.id')} end`,
    `create trigger pairs_version_delete after delete on file_version begin ${gone('-old.id')} end`,
  ];
}
