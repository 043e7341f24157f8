import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openAlerts } from '../../../src/catalog/alerts/alerts.ts';
import { claimDuePeriodicJobs, nextPeriodicJobDueAt } from '../../../src/catalog/alerts/periodic-jobs.ts';
import type { ScanMode } from '../../../src/catalog/scan/model.ts';
import { scanWatch } from '../../../src/jobs/periodic/scan-watch.ts';
import type { Scanner, ScannerFacts } from '../../../src/scan/scanner.ts';
import { SlackApiError } from '../../../src/slack/api-error.ts';
import { DAY_MS, HOUR_MS } from '../../../src/time.ts';
import type { ScanGate } from '../../../src/vault/context.ts';
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

it('without a scanner is set up only to look after what was found', async () => {
  world.vault.scan = undefined;
  await world.catalog.db.deleteFrom('chore').execute();
  await scanWatch.setUp(world.vault);
  expect(await world.catalog.db.selectFrom('chore').selectAll().execute()).toEqual([]);
});

it('is never switched off by a bot without a scanner that starts beside it', async () => {
  await turn();
  const orders = await rows();
  const { scan } = world.vault;
  world.vault.scan = { scanner: null, unscanned: 'allow', others: () => ['block'] };
  await scanWatch.setUp(world.vault);
  // The bot with the scanner goes on where it was, and orders the new signatures.
  world.vault.scan = scan;
  facts.version = version('2', clock);
  await set({ state: 'clean', scannedWith: 'ClamAV 1.4.6/1', scannedAt: 1, dueAt: clock + 100 * DAY_MS });
  await turn();
  expect(await rows()).toHaveLength(orders.length);
  expect((await rows()).every(({ dueAt }) => (dueAt as number) <= clock)).toBe(true);
});

it('is left to the bots that have a scanner, and rests where none has one', async () => {
  const { catalog } = world;
  const claim = { owner: 'b', limit: 3, leaseMs: 1, now: clock };
  expect(await claimDuePeriodicJobs(catalog, claim, 'scan')).toEqual([]);
  expect(await nextPeriodicJobDueAt(catalog, 'scan')).toBe(null);
  expect(await nextPeriodicJobDueAt(catalog)).toBeLessThanOrEqual(clock);
  world.vault.scan = { scanner: null, unscanned: 'allow', others: () => [] };
  const before = clock;
  await turn();
  expect(clock - before).toBe(HOUR_MS);
});

it('tells admins of bots with different settings, but not while bots are exchanged', async () => {
  let others: ScanMode[] = ['off'];
  world.vault.scan = { ...(world.vault.scan as ScanGate), others: () => others };
  await turn();
  expect(await kinds()).toEqual([]);
  clock += HOUR_MS;
  await turn();
  expect(await kinds()).toEqual(['mixed']);
  others = ['block'];
  await turn();
  expect(await kinds()).toEqual([]);
});

it('does not order again and again what two scanners with different signatures have done', async () => {
  await turn();
  await turn();
  const orders = async (signatures: string) => {
    await set({ state: 'clean', scannedWith: 'another', scannedAt: clock - 1, dueAt: clock + 100 * DAY_MS });
    facts.version = version(signatures, clock);
    await turn();
    await turn();
    return (await rows()).some(({ dueAt }) => (dueAt as number) <= clock);
  };
  expect(await orders('3')).toBe(true);
  expect(await orders('2')).toBe(false);
  expect(await orders('3')).toBe(false);
  expect(await orders('4')).toBe(true);
  // Nobody has had the newer ones for a day: the list was taken back.
  clock += DAY_MS;
  expect(await orders('2')).toBe(true);
});
