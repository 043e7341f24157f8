import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';
import type { FileState } from '../model.ts';

/** What a catalog holds, in numbers. */
export interface CatalogCounts {
  files: Partial<Record<FileState, number>>;
  /** Of stored and trashed files, with their older versions. */
  bytes: number;
  shares: number;
  channels: number;
  audit: number;
}

export async function catalogCounts({ db }: Catalog): Promise<CatalogCounts> {
  const states = await sql<{ state: FileState; files: number; bytes: number }>`
    select state, cast(count(*) as bigint) as files,
      cast(coalesce(sum(case when state in ('stored', 'trashed') then stored_bytes + older_bytes end), 0) as bigint) as bytes
    from file group by state order by state`.execute(db);
  const count = async (table: 'share' | 'channel' | 'audit') => {
    const { rows } = await sql<{ n: number }>`
      select cast(count(*) as bigint) as n from ${sql.table(table)}`.execute(db);
    return rows[0]?.n ?? 0;
  };
  return {
    files: Object.fromEntries(states.rows.map(({ state, files }) => [state, files])),
    bytes: states.rows.reduce((sum, { bytes }) => sum + bytes, 0),
    shares: await count('share'),
    channels: await count('channel'),
    audit: await count('audit'),
  };
}
