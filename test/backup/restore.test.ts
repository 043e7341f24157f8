// @slow: whole backups and restores.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringUpToDate } from '../../src/backup/bring-up-to-date.ts';
import { backupPostgres } from '../../src/backup/postgres.ts';
import { putBackPostgres } from '../../src/backup/put-back-postgres.ts';
import { type PutBack, putBackSqlite } from '../../src/backup/put-back-sqlite.ts';
import { backupSqlite } from '../../src/backup/sqlite.ts';
import { reportBot } from '../../src/catalog/alerts/bots.ts';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimPurges, commitPurged, restoreFile, trashFile } from '../../src/catalog/files/trash.ts';
import { holdsInForce, liftHold } from '../../src/catalog/governance/holds.ts';
import { tellEverything } from '../../src/catalog/journal/journal.ts';
import { makeTextIndexes, TEXT_INDEXES } from '../../src/catalog/search/text-index.ts';
import { hasPostgres, newDatabase, temporaryFolder } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import { filled, type SmallVault, smallVault } from '../drill/drilled.ts';
import { contentOf } from '../journal/compare.ts';
import { openTarget, type Target } from '../storage/target.ts';

interface Place {
  open(): Promise<Catalog>;
  backup(catalog: Catalog, file: string): Promise<void>;
  putBack(file: string, replace: boolean): Promise<PutBack>;
  remove(): Promise<void>;
}

/** Each is at another second: what was there before is kept under the time. */
let restores = 0;
const at = () => T0 + 1_000 * restores++;

const onSqlite = async (folder: string): Promise<Place> => {
  const dataDir = join(folder, 'data');
  return {
    open: () => openCatalog({ dataDir }),
    backup: (_, file) => backupSqlite(dataDir, file, () => {}),
    putBack: (file, replace) => putBackSqlite({ dataDir, file, replace, now: at() }),
    remove: async () => {},
  };
};

const onPostgres = async (): Promise<Place> => {
  const { url: databaseUrl, drop } = await newDatabase('all');
  const open = () => openCatalog({ databaseUrl, dataDir: '' });
  const fresh = await open();
  await sql`update journal set history = ${randomUUID()}`.execute(fresh.db);
  await fresh.close();
  return {
    open,
    backup: (catalog, file) => backupPostgres(catalog, databaseUrl, file),
    putBack: (file, replace) => putBackPostgres({ databaseUrl, file, replace, now: at() }),
    remove: drop,
  };
};

const places = [
  { name: 'SQLite', make: onSqlite },
  ...(hasPostgres ? [{ name: 'PostgreSQL', make: onPostgres }] : []),
];

describe.each(places)('a backup of $name', ({ name, make }) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let place: Place;
  let target: Target;
  let live: Catalog;
  let vault: SmallVault;
  let file: string;
  let keys: string[];
  beforeEach(async () => {
    folder = temporaryFolder();
    place = await make(folder.path);
    target = await openTarget({ sandboxOnly: true });
    live = await place.open();
    vault = smallVault(live, target);
    keys = await filled(vault);
    file = join(folder.path, 'a backup.bak');
  });
  afterEach(async () => {
    await live.close();
    await place.remove();
    await target.close();
    folder.remove();
  });

  /** All that can happen to a file, told in the journal. */
  async function timePasses(): Promise<void> {
    const now = T0 + 1_000;
    const [hold] = await holdsInForce(live, TEAM, 1);
    if (hold) await liftHold(live, { teamId: TEAM, holdId: hold.holdId, actorId: 'U1', now });
    await vault.store('F6');
    await trashFile(live, {
      ...{ ref: { teamId: TEAM, fileId: 'F1' }, actorId: 'U1', channelId: 'C1' },
      ...{ purgeAt: now + 1e9, now },
    });
    const purged = { teamId: TEAM, fileId: 'F2' };
    await trashFile(live, { ref: purged, actorId: 'U1', channelId: 'C1', purgeAt: now, now });
    await claimPurges(live, { owner: 'w', limit: 9, leaseMs: 1, now: now + 1 });
    await vault.remove(keys[1] as string);
    await commitPurged(live, purged, 'w', now + 2);
    await restoreFile(live, { ref: { teamId: TEAM, fileId: 'F5' }, actorId: 'U2', now });
    await vault.journal();
  }

  async function restored(): Promise<{ back: Catalog; outcome: Awaited<ReturnType<typeof bringUpToDate>> }> {
    await live.close();
    const putBack = await place.putBack(file, true);
    const options = { bucket: target.bucket, teamId: TEAM, onProgress: () => {}, now: () => T0 };
    const outcome = await bringUpToDate({ catalog: putBack.catalog, ...options });
    const kept = await putBack.finish();
    expect(kept !== null && existsSync(kept)).toBe(true);
    live = await place.open();
    return { back: live, outcome };
  }

  it('that breaks off says what the catalog holds then, and is begun again', async () => {
    await place.backup(live, file);
    await timePasses();
    const before = await contentOf(live);
    await live.close();
    const said = await (await place.putBack(file, true)).giveUp();
    live = await place.open();
    const isAsItWas = isDeepStrictEqual(await contentOf(live), before);
    expect(isAsItWas).toBe(name === 'SQLite');
    expect(said).toContain(isAsItWas ? 'is as it was' : '--replace');
    const { back } = await restored();
    expect(await contentOf(back)).toEqual(before);
  });

  it('brings back the moment of the backup and all that the journal tells since', async () => {
    // A change that no segment tells yet: only the backup has it if the bot dies now.
    await recordShares(live, TEAM, [found('F1', 'C2', T0 + 5)], T0 + 5);
    await place.backup(live, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await timePasses();
    const wanted = await contentOf(live);
    const { back, outcome } = await restored();
    expect(outcome).toMatchObject({ way: 'forward', damaged: [], lost: [], strangers: 0, adopted: 0 });
    expect(await contentOf(back)).toEqual(wanted);
    expect(await fileById(back, { teamId: TEAM, fileId: 'F2' })).toMatchObject({ state: 'purged' });
    // The journal goes on where it was, and a drill agrees with it.
    vault = smallVault(back, target);
    await vault.journal();
    expect((await vault.drill()).summary.counts).toEqual({});
  });

  it('is brought up to date also when the journal was told anew since, and what was removed stays so', async () => {
    await place.backup(live, file);
    await timePasses();
    await tellEverything(live);
    await sql`delete from rule`.execute(live.db);
    await vault.journal();
    const wanted = await contentOf(live);
    const { back, outcome } = await restored();
    expect(outcome).toMatchObject({ way: 'whole', damaged: [], lost: [] });
    expect(await contentOf(back)).toEqual(wanted);
  });

  it('keeps what no segment tells, tells nobody twice, and finds a file that only the bucket has', async () => {
    await recordShares(live, TEAM, [found('F8', 'C1', T0 + 5)], T0 + 5);
    await sql`insert into post (team_id, channel_id, manner, kind, topic, version, opened_at, due_at)
      values (${TEAM}, 'C1', 'thread', 'stored', 't', 1, 1, 1)`.execute(live.db);
    await place.backup(live, file);
    await vault.store('F7');
    const { back, outcome } = await restored();
    expect(outcome.adopted).toBe(1);
    expect(await fileById(back, { teamId: TEAM, fileId: 'F7' })).toMatchObject({ state: 'stored' });
    expect(await fileById(back, { teamId: TEAM, fileId: 'F8' })).toMatchObject({ state: 'pending' });
    expect(await back.db.selectFrom('post').selectAll().execute()).toEqual([]);
  });

  it('is refused where it would do harm, and then nothing is touched', async () => {
    await place.backup(live, file);
    await expect(place.backup(live, file)).rejects.toMatchObject({ code: 'backup_exists' });
    await reportBot(live, 'a bot');
    await expect(place.putBack(file, true)).rejects.toMatchObject({ code: 'backup_bot_runs' });
    await sql`delete from bot`.execute(live.db);
    const wanted = await contentOf(live);
    if (name === 'SQLite') await live.close();
    await expect(place.putBack(file, false)).rejects.toMatchObject({ code: 'backup_not_empty' });
    const cut = join(folder.path, 'cut');
    writeFileSync(cut, readFileSync(file));
    truncateSync(cut, Math.floor(statSync(cut).size / 2));
    await expect(place.putBack(cut, true)).rejects.toMatchObject({ code: 'backup_unreadable' });
    writeFileSync(cut, name === 'SQLite' ? 'PGDMP and more' : 'SQLite format 3\0 and more');
    await expect(place.putBack(cut, true)).rejects.toMatchObject({ code: 'backup_other_database' });
    writeFileSync(cut, 'something else');
    await expect(place.putBack(cut, true)).rejects.toMatchObject({ code: 'backup_unreadable' });
    if (name === 'SQLite') live = await place.open();
    expect(await contentOf(live)).toEqual(wanted);
  });

  it('of a newer version is refused', async () => {
    await sql`insert into kysely_migration values ('9999_newer', 'now')`.execute(live.db);
    await place.backup(live, file);
    await sql`delete from kysely_migration where name = '9999_newer'`.execute(live.db);
    if (name === 'SQLite') await live.close();
    await expect(place.putBack(file, true)).rejects.toMatchObject({ code: 'backup_newer' });
    if (name === 'SQLite') live = await place.open();
    expect(await fileById(live, { teamId: TEAM, fileId: 'F1' })).toBeDefined();
  });
});

it.skipIf(!hasPostgres)(
  'comes into a database without pg_trgm, too: the bot makes its indexes when it can',
  async () => {
    const folder = temporaryFolder();
    const place = await onPostgres();
    const catalog = await place.open();
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    const file = join(folder.path, 'a backup.bak');
    await place.backup(catalog, file);
    await sql`drop extension pg_trgm cascade`.execute(catalog.db);
    await catalog.close();
    const putBack = await place.putBack(file, true);
    expect(await fileById(putBack.catalog, { teamId: TEAM, fileId: 'F1' })).toMatchObject({
      state: 'pending',
    });
    expect(await makeTextIndexes(putBack.catalog)).toEqual(TEXT_INDEXES);
    await putBack.finish();
    await place.remove();
    folder.remove();
  },
);
