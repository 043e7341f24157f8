/** `npm run backup`: a copy of the catalog, made while bots work. It needs neither Slack nor the bucket. */

import './closed-output.ts';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupError } from '../backup/errors.ts';
import { defaultFile } from '../backup/file.ts';
import { backupPostgres } from '../backup/postgres.ts';
import { backupSqlite } from '../backup/sqlite.ts';
import { sizeInWords } from '../blocks/kit/size.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { openCatalogToRead } from '../catalog/db/open.ts';
import { loadCatalog } from '../config.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError } from '../errors.ts';
import { trustCertificates } from '../network/trust.ts';

const USAGE = `npm run backup -- [FILE] [--json]

Copies the catalog (DATABASE_URL, else VAULT_DATA_DIR) to a new file, while bots work. SQLite: a whole database of one moment,
checked. PostgreSQL: pg_dump, in its custom format. Without a name the file goes to VAULT_DATA_DIR/backups: move it to another
machine. Keep it as private as the files; it holds no tokens. docs/backup.md tells what the bucket alone brings back.

  --json   the file, its bytes and the milliseconds as one JSON object

Ends with 0 when the copy is whole and on the disk, 2 when there is none.`;

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  try {
    const { file: named, json, help } = readOptions(args);
    if (help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const startedAt = Date.now();
    const env = readEnvironment();
    const { databaseUrl, dataDir } = loadCatalog(env);
    const file = resolve(named ?? defaultFile(dataDir, databaseUrl ? 'dump' : 'db', startedAt));
    if (databaseUrl === undefined)
      await backupSqlite(dataDir, file, (line) => process.stderr.write(`… ${line}\n`));
    else {
      trustCertificates(env);
      const catalog = await openCatalogToRead({ databaseUrl, dataDir, anyVersion: true });
      await backupPostgres(catalog, databaseUrl, file).finally(() => catalog.close());
    }
    const made = { file, bytes: statSync(file).size, ms: Date.now() - startedAt };
    process.stdout.write(json ? `${JSON.stringify(made)}\n` : asText(made));
    return 0;
  } catch (error) {
    const isExpected = [ConfigError, CatalogError, BackupError].some((kind) => error instanceof kind);
    const problem = isExpected ? (error as Error).message : `The backup failed: ${(error as Error).stack}`;
    process.stderr.write(`${problem}\n`);
    return 2;
  }
}

function asText({ file, bytes, ms }: { file: string; bytes: number; ms: number }): string {
  return `Wrote ${file} (${sizeInWords(bytes)}) in ${(ms / 1000).toFixed(1)} s.\n`;
}

function readOptions(args: string[]): { file: string | undefined; json: boolean; help: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      ...{ args, options: { json: flag, help: flag }, allowPositionals: true },
    });
    if (positionals.length > 1) throw new Error('Name one file.');
    return { file: positionals[0], ...values };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}
