import { sql } from 'kysely';
import type { Scope } from '../catalog/db/schema.ts';
import { writeNew } from './file.ts';
import { forLibpq, pgProgram, runPg } from './pg-programs.ts';

/** Everything in pg_dump's own compressed form; whose it is, is decided where it is put back. */
const FORM = ['--format=custom', '--no-owner', '--no-privileges'];

/**
 * Writes the PostgreSQL catalog to a new file, as `pg_dump` does it: of one moment, while bots work. Throws `BackupError`,
 * with the exact command where no fitting `pg_dump` is here.
 */
export async function backupPostgres(catalog: Scope, databaseUrl: string, file: string): Promise<void> {
  const { address, env } = forLibpq(databaseUrl);
  const byHand = `pg_dump ${FORM.join(' ')} --file=${file} --dbname="$DATABASE_URL"`;
  const server = await serverMajor(catalog);
  const [dump, restore] = [
    await pgProgram('pg_dump', server, byHand),
    await pgProgram('pg_restore', server, byHand),
  ];
  await writeNew(file, async (part) => {
    await runPg(dump, [...FORM, `--file=${part}`, `--dbname=${address}`], { env });
    // Its table of contents stands at the end: whoever can read that has all of it.
    await runPg(restore, ['--list', part]);
  });
}

/** The server's major version. */
export async function serverMajor({ db }: Scope): Promise<number> {
  const { rows } = await sql<{ number: string }>`
    select current_setting('server_version_num') as number`.execute(db);
  return Math.floor(Number(rows[0]?.number ?? 0) / 10_000);
}
