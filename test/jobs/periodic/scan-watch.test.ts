import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openAlerts } from '../../../src/catalog/alerts/alerts.ts';
import { claimDuePeriodicJobs } from '../../../src/catalog/alerts/periodic-jobs.ts';
import { scanWatch } from '../../../src/jobs/periodic/scan-watch.ts';
import type { Scanner, ScannerFacts } from '../../../src/scan/scanner.ts';
import { SlackApiError } from '../../../src/slack/api-error.ts';
import { DAY_MS, HOUR_MS } from '../../../src/time.ts';
import { T0, TEAM } from '../../catalog/samples.ts';
import { ANNA, openWorld, type World } from '../../vault/world.ts';

let world: World;
let clock: number;
let facts: ScannerFacts;
const version = (signatures: string | null, at: number | null) => ({
  ...{ text: `ClamAV 1.4.6/${signatures}`, engine: 'ClamAV 1.4.6', signatures, signaturesAt: at },
});

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  for (const table of ['scan', 'chore', 'notice', 'post'] as const)
    await world.catalog.db.deleteFrom(table).execute();
  clock = T0 + HOUR_MS;
  facts = {
    version: version('1', clock),
    awaySince: null,
    problem: null,
    tellsLimits: true,
    tellsLocked: true,
  };
  world.vault.now = () => clock;
  world.vault.policy.scan = { address: { kind: 'socket', path: '/x' }, unscanned: 'block', againDays: 7 };
  world.vault.scan = {
    scanner: { isThere: async () => true, facts: () => facts } as unknown as Scanner,
    unscanned: 'block',
  };
  await world.channel('G1', [ANNA]);
  for (const id of ['F1', 'F2', 'F3']) await world.share(id, 'G1');
  await scanWatch.setUp(world.vault);
});

async function turn(): Promise<void> {
  const [row] = await claimDuePeriodicJobs(world.catalog, { owner: 'a', limit: 1, leaseMs: 1, now: clock });
  if (row === undefined) throw new Error('it is not due');
  await scanWatch.work(world.vault, 'a', row, new AbortController().signal);
  clock = (await world.catalog.db.selectFrom('chore').select('dueAt').executeTakeFirstOrThrow())
    .dueAt as number;
}

const kinds = async () =>
  (await openAlerts(world.catalog, TEAM)).map(({ alert }) =>
    alert.kind === 'scanner' ? alert.problem : alert.kind,
  );
const rows = () =>
  world.catalog.db.selectFrom('scan').select(['fileId', 'state', 'dueAt']).orderBy('fileId').execute();
const set = (values: object) => world.catalog.db.updateTable('scan').set(values).execute();

it('marks what was stored before the scanner came', async () => {
  await turn();
  expect((await rows()).map(({ fileId, state }) => `${fileId} ${state}`)).toEqual([
    'F1 waiting',
    'F2 waiting',
    'F3 waiting',
  ]);
});

it('makes young files due again with other signatures, and with the same ones never', async () => {
  await turn();
  await turn();
  await set({ state: 'clean', scannedWith: 'ClamAV 1.4.6/1', scannedAt: clock, dueAt: clock + 100 * DAY_MS });
  await turn();
  expect((await rows()).every(({ dueAt }) => (dueAt as number) > clock + DAY_MS)).toBe(true);
  facts.version = version('2', clock);
  await turn();
  expect((await rows()).every(({ dueAt }) => (dueAt as number) <= clock)).toBe(true);
});

it('tells admins what is wrong with the scanner, and when it is over', async () => {
  facts = {
    ...facts,
    awaySince: clock - HOUR_MS,
    tellsLimits: false,
    version: version('1', clock - 8 * DAY_MS),
  };
  await turn();
  expect(await kinds()).toEqual(['away', 'old', 'limits']);
  facts = { ...facts, awaySince: clock - 1_000, tellsLimits: true, version: version('2', clock) };
  await turn();
  expect(await kinds()).toEqual([]);
});

it('tells the uploader once, also of several files; and who cannot be told is left alone', async () => {
  await turn();
  await set({ state: 'infected', signature: 'Evil', dueAt: null });
  world.answers.set('conversations.open', { channel: { id: 'D1' } });
  await turn();
  await turn();
  const told = () =>
    world.catalog.db.selectFrom('notice').select(['kind', 'fileId']).orderBy('fileId').execute();
  expect(await told()).toEqual(['F1', 'F2', 'F3'].map((fileId) => ({ kind: 'infected', fileId })));
  expect(world.asked.filter(({ method }) => method === 'conversations.open')).toHaveLength(1);
  expect(await kinds()).toEqual(['infected']);

  await set({ told: 0 });
  const { call } = world.vault.slack;
  world.vault.slack.call = async () => {
    throw new SlackApiError('conversations.open', 'cannot_dm_bot');
  };
  await turn();
  world.vault.slack.call = call;
  expect(await told()).toHaveLength(3);
  expect(await world.catalog.db.selectFrom('scan').select('told').distinct().execute()).toEqual([
    { told: 1 },
  ]);
  // Released or deleted: the alert is over.
  await set({ releasedBy: 'U3', releasedAt: clock });
  await turn();
  expect(await kinds()).toEqual([]);
});

it('is switched off without a scanner', async () => {
  world.vault.scan = undefined;
  await scanWatch.setUp(world.vault);
  expect(await claimDuePeriodicJobs(world.catalog, { owner: 'a', limit: 1, leaseMs: 1, now: clock })).toEqual(
    [],
  );
});
