// @slow: drills on a damaged vault, one for each damage.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DamageKind } from '../../src/catalog/alerts/drills.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { journalOf } from '../../src/catalog/journal/journal.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';
import { filled, type SmallVault, smallVault } from './drilled.ts';

describe.each(databases)('a restore drill on $name', ({ name: database, fresh }) => {
  let target: Target;
  let catalog: Catalog;
  let vault: SmallVault;
  let keys: string[];
  beforeAll(async () => {
    catalog = await fresh();
  });
  beforeEach(async () => {
    target = await openTarget({ sandboxOnly: true });
    vault = smallVault(catalog, target);
    keys = await filled(vault);
  });
  afterEach(async () => {
    await empty(catalog);
    await target.close();
  });
  afterAll(() => catalog.close());

  /** As if the change had not come by way of the database: no trigger notes it. */
  async function behindItsBack(change: string): Promise<void> {
    await sql.raw(change).execute(catalog.db);
    await sql`delete from journal_dirty`.execute(catalog.db);
  }
  const key = (index: number) => keys[index] as string;
  const segment = async (index: number) => (await vault.segments())[index] as string;

  it('brings everything back and finds nothing, when nothing is wrong', async () => {
    const { summary } = await vault.drill();
    expect(summary).toMatchObject({ counts: {}, examples: [], files: 5, segments: 3, objects: 5, read: 5 });
    expect(summary).toMatchObject({ waiting: 0, unsettled: 0, bytes: 100, readBytes: 100 });
    expect(summary.rows).toBeGreaterThan(8);
  });

  const PLANTED: Array<[name: string, kind: DamageKind, what: RegExp, plant: () => Promise<void>]> = [
    ['an object is gone', 'object_missing', /F1/, () => vault.remove(key(0))],
    [
      'an object has other bytes of the same length',
      'object_bytes',
      /F2/,
      () => vault.overwrite(key(1), 'x'.repeat(20)),
    ],
    ['an object was cut off', 'object_size', /F3/, () => vault.overwrite(key(2), 'F3')],
    [
      'an object lost its metadata',
      'object_unmarked',
      /F4/,
      async () => vault.overwrite(key(3), await vault.bytesAt(key(3)), {}),
    ],
    [
      'an object says that it is another file',
      'object_mismatched',
      /F2/,
      async () => {
        const metadata = { team: TEAM, file: 'F9', channel: 'C1', 'shared-at': new Date(T0).toISOString() };
        await vault.overwrite(key(1), await vault.bytesAt(key(1)), metadata);
      },
    ],
    [
      'an object of another workspace lies among the files',
      'object_mismatched',
      /T9/,
      async () => {
        await vault.copy(key(0), `${target.bucket.prefix}/T9/file`);
        const metadata = { team: 'T9', file: 'F1', channel: 'C1', 'shared-at': new Date(T0).toISOString() };
        await vault.overwrite(`${target.bucket.prefix}/T9/file`, 'x', metadata);
      },
    ],
    [
      'an object lies under another key',
      'object_moved',
      /F1/,
      async () => {
        await vault.copy(key(0), `${key(0)}.moved`);
        await vault.remove(key(0));
      },
    ],
    [
      'an object belongs to nobody',
      'object_unknown',
      /stray/,
      async () => {
        await vault.copy(key(0), `${target.bucket.prefix}/stray`);
        await vault.overwrite(`${target.bucket.prefix}/stray`, 'x', {});
      },
    ],
    ['the first segment is gone', 'segment_missing', /\/1$/, async () => vault.remove(await segment(0))],
    [
      'a segment in the middle is gone',
      'segment_missing',
      /\/2$/,
      async () => vault.remove(await segment(1)),
    ],
    ['the last segment is gone', 'segment_missing', /\/3$/, async () => vault.remove(await segment(2))],
    [
      'a segment is damaged',
      'segment_damaged',
      /\/2$/,
      async () => {
        const bytes = await vault.bytesAt(await segment(1));
        bytes[40] = (bytes[40] ?? 0) ^ 255;
        await vault.overwrite(await segment(1), bytes);
      },
    ],
    [
      'a segment stands in the place of another',
      'segment_misplaced',
      /\/2$/,
      async () => vault.copy(await segment(0), await segment(1)),
    ],
    [
      'a segment is there twice',
      'segment_misplaced',
      /\/9$/,
      async () => vault.copy(await segment(0), (await segment(2)).replace(/\d(?=\.ndjson)/, '9')),
    ],
    [
      'the whole journal is gone',
      'journal_missing',
      /journal/,
      async () => {
        for (const one of await vault.segments()) await vault.remove(one);
      },
    ],
    [
      'a row of the catalog was changed',
      'row_differs',
      /^file F1$/,
      () => behindItsBack(`update file set name = 'other.txt' where file_id = 'F1'`),
    ],
    [
      'a share was changed',
      'row_differs',
      /^file F2$/,
      () => behindItsBack(`update share set user_id = 'U9' where file_id = 'F2'`),
    ],
    [
      'a row of the catalog is gone',
      'row_not_kept',
      /^file F4$/,
      () => behindItsBack(`delete from file where file_id = 'F4'`),
    ],
    [
      'a row is in the catalog alone',
      'row_not_told',
      /^file F8$/,
      async () => {
        await recordShares(catalog, TEAM, [found('F8', 'C1', T0)], T0);
        await behindItsBack('select 1');
      },
    ],
    ['a hold is gone', 'row_not_kept', /^hold /, () => behindItsBack('delete from hold')],
    ['a hold was changed', 'row_differs', /^hold /, () => behindItsBack(`update hold set reason = 'none'`)],
    [
      'an audit entry is gone',
      'row_not_kept',
      /^audit entry \d+$/,
      () => behindItsBack('delete from audit where id = (select max(id) from audit)'),
    ],
    [
      'an audit entry was changed',
      'row_differs',
      /^audit entry \d+$/,
      () => behindItsBack(`update audit set actor_id = 'U9' where id = (select min(id) from audit)`),
    ],
    [
      'what the malware scanner said is gone',
      'row_differs',
      /^file F1$/,
      () => behindItsBack(`delete from scan where file_id = 'F1'`),
    ],
    [
      'a file was released behind the back of the gate',
      'row_differs',
      /^file F1$/,
      () => behindItsBack(`update scan set released_by = 'U9', released_at = 1 where file_id = 'F1'`),
    ],
    ['a channel is gone', 'row_not_kept', /^channel C1$/, () => behindItsBack('delete from channel')],
  ];
  // What is wrong in the bucket is the same on every database.
  const here = PLANTED.filter(([, kind]) => database === 'SQLite' || kind.startsWith('row_'));
  it.each(here)('%s: it is named', async (_, kind, what, plant) => {
    await plant();
    const { summary } = await vault.drill();
    const named = summary.examples.filter((one) => one.kind === kind);
    expect(named).not.toEqual([]);
    expect(named.some((one) => what.test(one.what) || what.test(one.detail))).toBe(true);
    expect(summary.counts[kind]).toBe(named.length);
  });

  it('names the history that somebody else has written since', async () => {
    const { history } = await journalOf(catalog);
    await new Promise((done) => setTimeout(done, 1_100)); // Listings tell whole seconds.
    await vault.copy(await segment(2), (await segment(2)).replace(history, 'another'));
    const { summary } = await vault.drill();
    expect(summary.counts.journal_foreign).toBe(1);
  });
});
