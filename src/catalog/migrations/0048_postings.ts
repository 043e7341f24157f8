import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * The index of what is in files, by segments of up to 4,096 documents (postings/), in the place of one that each database had of its own:
 * it takes a little more than half of the room, and knows which words are neighbours. Searches go by it alone. What was read before is
 * put in in the background, from the texts that are kept in the bucket, the newest first.
 *
 * `level`: how often a segment was merged with others; -1 while it is being made, -2 once it is of no use. Where a document stands is in
 * `content_document`; when it leaves that, `content_gone` says so, whoever deleted it.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { int } = columnTypes(kind);
  const isPostgres = kind === 'postgres';
  const bytes = isPostgres ? 'bytea' : 'blob';
  // A number that was taken never comes again.
  const id = isPostgres ? columnTypes(kind).id : 'integer primary key autoincrement';
  await run(db, [
    ...(isPostgres ? BEFORE_POSTGRES : BEFORE_SQLITE),
    `create table content_segment (
      id ${id}, level ${int} not null, documents ${int} not null, ids ${bytes} not null, gone ${bytes}, at ${int} not null)`,
    'create index content_segment_level on content_segment (level)',
    `create table content_part (
      segment_id ${int} not null, first_key ${int} not null, bits ${bytes} not null${isPostgres ? ', primary key (segment_id, first_key)' : ''})`,
    ...(isPostgres
      ? ['alter table content_part alter column bits set storage plain']
      : ['create unique index content_part_place on content_part (segment_id, first_key)']),
    `create table content_document (id ${int} primary key, segment_id ${int} not null, slot ${int} not null)`,
    `create table content_gone (
      segment_id ${int} not null, slot ${int} not null, primary key (segment_id, slot)) ${columnTypes(kind).withoutRowid}`,
    ...(isPostgres ? ON_POSTGRES : ON_SQLITE),
    `update reading set due_at = (select ${DUE} from file f where f.team_id = reading.team_id and f.file_id = reading.file_id)
      where state = 'read' and due_at is null and lease_owner is null`,
  ]);
}

/** As older files are; see reading/older.ts. */
const DUE = 'case when f.shared_at > 1000000000000 then 2000000000000 - f.shared_at else 1000000000000 end';

const FORGET = 'delete from reading where team_id = old.team_id and file_id = old.file_id';
/** An older version is gone: its words go, and what is kept of it is looked at anew. */
const FORGET_VERSION = `update reading set due_at = 0
  where team_id = old.team_id and file_id = old.file_id and state <> 'unread' and due_at is null`;
const GONE = 'insert into content_gone (segment_id, slot) values (old.segment_id, old.slot)';

const BEFORE_SQLITE = [
  ...['reading_purge', 'reading_delete', 'reading_version_lost', 'reading_version_delete'],
  ...['pairs_purge', 'pairs_delete', 'pairs_version_lost', 'pairs_version_delete'],
]
  .map((name) => `drop trigger ${name}`)
  .concat('drop table file_contents', 'drop table file_pairs');

const forget = (id: string, also: string) => `delete from content_document where id = ${id}; ${also};`;
const ON_SQLITE = [
  `create trigger content_document_gone after delete on content_document begin ${GONE}; end`,
  `create trigger reading_purge after update of state on file
    when old.state <> 'purged' and new.state = 'purged' begin ${forget('old.id', FORGET)} end`,
  `create trigger reading_delete after delete on file begin ${forget('old.id', FORGET)} end`,
  `create trigger reading_version_lost after update of lost_at on file_version
    when old.lost_at is null and new.lost_at is not null begin ${forget('-old.id', FORGET_VERSION)} end`,
  `create trigger reading_version_delete after delete on file_version begin ${forget('-old.id', FORGET_VERSION)} end`,
];

const BEFORE_POSTGRES = ['drop table file_contents'];
const body = (statements: string) =>
  `language plpgsql as $body$ begin ${statements}; return null; end $body$`;
const ON_POSTGRES = [
  `create function content_document_gone() returns trigger ${body(GONE)}`,
  `create trigger content_document_gone after delete on content_document for each row execute function content_document_gone()`,
  `create or replace function reading_forgotten() returns trigger ${body(`${FORGET}; delete from content_document where id = old.id`)}`,
  `create or replace function reading_version_forgotten() returns trigger ${body(
    `delete from content_document where id = -old.id; ${FORGET_VERSION}`,
  )}`,
];
