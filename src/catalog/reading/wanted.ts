import { sql } from 'kysely';
import { readsContents, type TextMode } from '../../text-modes.ts';
import type { Scope } from '../db/schema.ts';
import type { FileRef } from '../model.ts';

/**
 * Whether a file is read. `no`: a channel that holds it says so, and none says otherwise; then what was read of it before is
 * forgotten. `not_now`: only the environment says so; then what was read stays.
 */
export type Wanted = 'yes' | 'no' | 'not_now';

/** `byDefault`: whether channels without a setting of their own are read. */
export async function wantedOf(
  { db }: Scope,
  { teamId, fileId }: FileRef,
  byDefault: boolean,
): Promise<Wanted> {
  // A file that was taken back everywhere is listed under closed keys; see channel-keys.ts.
  const { rows } = await sql<{ text: TextMode | null }>`select distinct r.text from channel_file c
    left join rule r on r.team_id = c.team_id and r.channel_id = ltrim(c.channel_id, '!')
    where c.team_id = ${teamId} and c.file_id = ${fileId}`.execute(db);
  const isRead = ({ text }: { text: TextMode | null }) => (text === null ? byDefault : readsContents(text));
  if (rows.length === 0 ? byDefault : rows.some(isRead)) return 'yes';
  return rows.some(({ text }) => text !== null) ? 'no' : 'not_now';
}

/** The same for the file `f`, as conditions. */
export function wantedSql(byDefault: boolean) {
  const where = (mode: string) => sql`exists (select 1 from channel_file c
    left join rule r on r.team_id = c.team_id and r.channel_id = ltrim(c.channel_id, '!')
    where c.team_id = f.team_id and c.file_id = f.file_id and ${sql.raw(mode)})`;
  const read = `coalesce(r.text, '${byDefault ? 'all' : 'off'}') in ('all', 'contents')`;
  const yes = byDefault ? sql`(${where(read)} or not ${where(`not ${read}`)})` : where(read);
  return { yes, no: sql`(not ${yes} and ${where('r.text is not null')})` };
}

/** Whether any channel is read. */
export async function isReadAnywhere({ db }: Scope, byDefault: boolean): Promise<boolean> {
  if (byDefault) return true;
  const { rows } = await sql`select 1 from rule where text in ('all', 'contents') limit 1`.execute(db);
  return rows.length > 0;
}
