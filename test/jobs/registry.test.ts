import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { WORK } from '../../src/catalog/queue/due.ts';
import type { JobContext } from '../../src/jobs/job.ts';
import { PERIODIC } from '../../src/jobs/periodic/index.ts';
import { jobsOf } from '../../src/jobs/registry.ts';
import type { WokenJob } from '../../src/vault/context.ts';
import { databases } from '../catalog/databases.ts';

/** Only the parts of a vault that are needed to make jobs. */
function contextWith({ objectLock }: { objectLock: boolean }): JobContext {
  const scan = { scanner: {}, unscanned: 'block' };
  const vault = {
    objectLock,
    scan,
    identity: {},
    policy: { text: 'contents' },
    bucket: {},
    slack: {},
    catalog: {},
    now: () => 0,
  };
  const config = {
    slack: { apiUrl: 'https://slack.com/api/', botToken: '' },
    captureConcurrency: 1,
    data: { dataDir: '.' },
    reading: { percent: 50, older: 'always', ocr: [], previews: false },
  };
  return { vault, config, owner: 'test', due: () => ({}) } as unknown as JobContext;
}

describe('the list of jobs', () => {
  const jobs = jobsOf(contextWith({ objectLock: true }));

  it('has one job for each kind of work that the catalog knows', () => {
    const rows = jobs.flatMap((job) => job.rows ?? []);
    expect(rows.sort()).toEqual(Object.keys(WORK).sort());
  });

  it('gives each job its own name, and knows those that are woken by name', () => {
    const names = jobs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const woken: Record<WokenJob, true> = {
      ...{ capture: true, change: true, confirm: true, home: true, journal: true },
      ...{ 'object hold': true, 'old version': true, read: true, scan: true },
    };
    expect(names).toEqual(expect.arrayContaining(Object.keys(woken)));
  });

  it('leaves out the legal holds where the bucket has no Object Lock', () => {
    const without = jobsOf(contextWith({ objectLock: false }));
    expect(jobs.map(({ name }) => name)).toEqual([...without.map(({ name }) => name), 'object hold']);
  });

  it('has each periodic job under the name of its row', () => {
    for (const [name, one] of Object.entries(PERIODIC)) expect(one.name).toBe(name);
  });
});

it.each(databases)(
  'every table of $name whose rows are leased is in the list of all work',
  async ({ fresh }) => {
    const catalog = await fresh();
    const { rows } = await (catalog.kind === 'sqlite'
      ? sql<{ name: string }>`select m.name from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and c.name = 'lease_owner'`
      : sql<{ name: string }>`select table_name as name from information_schema.columns
        where column_name = 'lease_owner' and table_schema = current_schema()`
    ).execute(catalog.db);
    const known = new Set(Object.values(WORK).map(({ table }) => table));
    expect(rows.map(({ name }) => name).sort()).toEqual([...known].sort());
    await catalog.close();
  },
);
