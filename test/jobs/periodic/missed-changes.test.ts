import { expect, it } from 'vitest';
import {
  claimDuePeriodicJobs,
  nextPeriodicJobDueAt,
  type PeriodicJob,
} from '../../../src/catalog/alerts/periodic-jobs.ts';
import { missedChanges } from '../../../src/jobs/periodic/missed-changes.ts';
import { createLog } from '../../../src/log.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { databases } from '../../catalog/databases.ts';
import { T0 } from '../../catalog/samples.ts';

const log = createLog('silent', { write: () => {} });
const [sqlite] = databases;

/** What is asked of `files.list` in one walk: `team_id`, types and page. */
async function asked(workspaces: () => string[] | null): Promise<Array<string>> {
  const catalog = await (sqlite as (typeof databases)[number]).fresh();
  const calls: string[] = [];
  let now = T0;
  const slack = {
    workspaces: { ids: async () => workspaces() },
    async call(_: string, { team_id = 'none', types, page }: Record<string, unknown>) {
      calls.push(`${team_id} ${page}${String(types).includes('lists') ? ' lists' : ''}`);
      if (calls.length > 20) throw new Error('it never ends');
      return { ok: true, files: [], paging: { pages: team_id === 'T2' ? 2 : 1 } };
    },
  };
  const vault = {
    catalog,
    slack,
    identity: { teamId: 'E1' },
    log,
    now: () => now,
    wake() {},
  } as unknown as Vault;
  await missedChanges.setUp(vault);
  now += 120_000;
  do {
    const [row] = await claimDuePeriodicJobs(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
    await missedChanges.work(vault, 'w', row as PeriodicJob, new AbortController().signal);
  } while (((await nextPeriodicJobDueAt(catalog)) as number) <= now);
  await catalog.close();
  return calls;
}

it('all edited files of one workspace are listed, page by page', async () => {
  expect(await asked(() => null)).toEqual(['none 1 lists']);
});

it('and of each workspace of an organisation, one after the other', async () => {
  expect(await asked(() => ['T1', 'T2', 'T3'])).toEqual([
    'T1 1 lists',
    'T2 1 lists',
    'T2 2 lists',
    'T3 1 lists',
  ]);
  expect(await asked(() => [])).toEqual([]);
});

it('one that the app was just taken out of is passed over', async () => {
  let looks = 0;
  expect(await asked(() => (looks++ < 2 ? ['T1', 'T2', 'T3'] : ['T1', 'T3']))).toEqual([
    ...['T1 1 lists', 'T2 1 lists', 'T3 1 lists'],
  ]);
});
