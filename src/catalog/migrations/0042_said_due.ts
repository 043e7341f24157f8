import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * What was said is put into SQLite's index a moment later, many messages at once: with each file it took as long as a twentieth of
 * the whole capture, as FTS5 writes its pages for every transaction that touches it. And words have other forms than
 * before (text/word-form.ts), so all that was said is put in once more, as 0040 does with what is in files.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const hasOwn = ['altText', 'mailFrom', 'mailText', 'transcript'].map((fact) => `facts like '%"${fact}":%'`);
  await run(db, [
    `create table said_due (id ${columnTypes(kind).int} primary key)`,
    `insert into said_due (id) select id from said`,
    // What Slack tells of a file itself stands under the file's number, below nought.
    `insert into said_due (id) select -id from file where ${hasOwn.join(' or ')}`,
    ...(kind === 'sqlite'
      ? [
          // For what fills free pages, see files/wipe.ts.
          'create table wipe_room (room blob not null)',
          `create trigger said_insert after insert on said begin insert or ignore into said_due (id) values (new.id); end`,
        ]
      : []),
  ]);
}
