import type { DatabaseSync } from 'node:sqlite';

/** Records by key, held in memory, written through to one SQLite table. */
export interface Table<T> {
  get(key: string): T | undefined;
  /** Adds or replaces; also call it after changing a record in place, or the change is lost at the next start. */
  set(key: string, value: T): void;
  delete(key: string): void;
  values(): IterableIterator<T>;
}

/** Opens (and makes, if need be) the table `name`, and reads all of it. */
export function openTable<T>(db: DatabaseSync, name: string): Table<T> {
  db.exec(`CREATE TABLE IF NOT EXISTS ${name} (key TEXT PRIMARY KEY, value TEXT NOT NULL)`);
  const write = db.prepare(
    `INSERT INTO ${name} VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
  const remove = db.prepare(`DELETE FROM ${name} WHERE key = ?`);
  const records = new Map<string, T>();
  for (const row of db.prepare(`SELECT key, value FROM ${name} ORDER BY rowid`).iterate()) {
    records.set(String(row.key), JSON.parse(String(row.value)));
  }
  return {
    get: (key) => records.get(key),
    set(key, value) {
      write.run(key, JSON.stringify(value));
      records.set(key, value);
    },
    delete(key) {
      remove.run(key);
      records.delete(key);
    },
    values: () => records.values(),
  };
}
