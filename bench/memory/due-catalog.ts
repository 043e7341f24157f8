import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { receive } from '../../src/capture/receive.ts';
import { openCatalog } from '../../src/catalog/db/open.ts';
import type { Sighting } from '../../src/catalog/model.ts';
import type { CopiedFile } from '../capture/side.ts';

const TEAM = 'T0BENCH';
const POLICY = { maxFileBytes: 2 ** 40, excludeTypes: new Set<string>() };

/** The tables that have a row for each file that waits. */
const TABLES = ['file', 'share', 'channel_file'];

/**
 * Makes a SQLite catalog in `dataDir` in which these files are due, and `times` as many: the bot's own way takes a
 * third of a millisecond for each, so what it wrote for the files is copied in the database, under other ids.
 */
export async function makeDueCatalog(dataDir: string, files: CopiedFile[], times = 1): Promise<void> {
  const catalog = await openCatalog({ dataDir });
  const o = { teamId: TEAM, botUserId: 'U0BOT', policy: POLICY, now: Date.now() };
  await receive(catalog, o, files.map(sighting));
  await catalog.close();
  if (times > 1) multiply(join(dataDir, 'vault.db'), times);
}

function sighting({ url, bytes, key }: CopiedFile, i: number): Sighting {
  const at = Date.now();
  return {
    file: {
      ...{ teamId: TEAM, fileId: key, name: `${key}.bin`, title: key, mimetype: 'application/octet-stream' },
      ...{ filetype: 'binary', mode: 'hosted', size: bytes, uploaderId: 'U1', createdAt: at, complete: true },
      ...{ url, externalUrl: null, permalink: null },
    },
    share: {
      ...{ channelId: `C${i % 10}`, channelKind: 'public', ts: `1795418724.${String(i).padStart(6, '0')}` },
      ...{ threadTs: null, userId: 'U1', sharedAt: at },
    },
  };
}

function multiply(file: string, times: number): void {
  const db = new DatabaseSync(file);
  try {
    // An interrupted load is thrown away, so nothing of it has to be safe on disk.
    db.exec('pragma journal_mode = memory; pragma synchronous = off; begin');
    for (const table of TABLES) {
      const all = db.prepare(`select name from pragma_table_info('${table}')`).all() as { name: string }[];
      const columns = all.map(({ name }) => name).filter((name) => name !== 'id');
      const values = columns.map((name) => (name === 'file_id' ? `file_id || '-' || n` : name));
      db.exec(`with recursive copy (n) as (select 1 union all select n + 1 from copy where n < ${times - 1})
        insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} from copy, ${table}`);
    }
    db.exec('commit; pragma journal_mode = wal');
  } finally {
    db.close();
  }
}
