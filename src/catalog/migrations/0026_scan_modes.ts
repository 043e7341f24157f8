import { sql } from 'kysely';
import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { watch } from './frozen/journal-triggers.ts';

/**
 * Each bot says whether it has a malware scanner, so that bots of one catalog with different settings are seen. And a scan
 * that finds what was found before is no news for the journal: only its time and the scanner's version are others.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text } = columnTypes(kind);
  await run(db, [`alter table bot add column scan_mode ${text}`]);
  for (const name of kind === 'sqlite' ? ['insert', 'update', 'delete'] : ['change', 'update'])
    await sql.raw(`drop trigger journal_scan_${name}${kind === 'sqlite' ? '' : ' on scan'}`).execute(db);
  await watch(db, kind, {
    table: 'scan',
    kind: 'file',
    key: 'file_id',
    ignored: ['id', 'due_at', 'lease_owner', 'attempts', 'broke', 'scanned_with', 'scanned_at'],
  });
}
