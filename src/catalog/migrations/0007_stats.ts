import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** The sums that `stats` are read from, filled from what is stored already. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, statements(kind));
}

function statements(kind: DatabaseKind): string[] {
  const { text, int, withoutRowid } = columnTypes(kind);
  const month =
    kind === 'postgres'
      ? `to_char(to_timestamp(shared_at / 1000) at time zone 'UTC', 'YYYY-MM')`
      : `strftime('%Y-%m', shared_at / 1000, 'unixepoch')`;
  const fill = (part: string, name: string) =>
    `insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, '${part}', ${name}, count(*), coalesce(sum(stored_bytes), 0)
      from file where state = 'stored' and audience_id is not null
      group by team_id, audience_id, ${name}`;
  return [
    `create table breakdown (
      team_id ${text} not null, audience_id ${int} not null, part ${text} not null, name ${text} not null,
      files ${int} not null, bytes ${int} not null,
      primary key (team_id, part, audience_id, name)) ${withoutRowid}`,
    `create index tally_audience on tally (team_id, audience_id)`,
    fill('month', month),
    fill('type', `coalesce(filetype, '')`),
  ];
}
