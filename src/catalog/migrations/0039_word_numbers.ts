import { type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * The words of contents on PostgreSQL stand as numbers of four bytes each, the first of their SHA-256: as texts, they took more than
 * half as much as the documents themselves. They are not worth packing.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  if (kind === 'sqlite') return;
  await run(db, [
    'drop index file_contents_words',
    'alter table file_contents rename to contents_before',
    'alter table contents_before drop constraint file_contents_pkey',
    `create table file_contents (id bigint primary key, audience_id bigint, words int4[] not null)`,
    'alter table file_contents alter column words set storage external',
    `insert into file_contents (id, audience_id, words)
      select id, audience_id, (select array_agg(distinct number order by number) from unnest(words) w,
        lateral (select ('x' || substr(encode(sha256(convert_to(w.lexeme, 'UTF8')), 'hex'), 1, 8))::bit(32)::int4 as number) n)
      from contents_before where words <> ''::tsvector`,
    'drop table contents_before',
    `create index file_contents_words on file_contents using gin ((array[audience_id]), words)`,
  ]);
}
