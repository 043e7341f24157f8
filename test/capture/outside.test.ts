import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type CaptureOptions, capture } from '../../src/capture/capture.ts';
import { receive } from '../../src/capture/receive.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../src/catalog/files/capture.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { NO_OVERRIDES, saveOverrides } from '../../src/catalog/governance/rules.ts';
import type { Log } from '../../src/log.ts';
import { accountInactive } from '../../src/refusals/people.ts';
import { SlackApiError } from '../../src/slack/api.ts';
import { isOutside } from '../../src/slack/outside.ts';
import type { People } from '../../src/slack/people.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, sampleObject, T0, TEAM } from '../catalog/samples.ts';

const [sqlite] = databases;
if (sqlite === undefined) throw new Error('there is no database');
const log = { info: () => {}, warn: () => {} } as unknown as Log;
let catalog: Catalog;
beforeAll(async () => {
  catalog = await sqlite.fresh();
});
afterEach(() => empty(catalog));
afterAll(() => catalog.close());

/** Captures one file of a channel; `by` is whose it is, as Slack says of the person. */
async function captured(o: {
  external?: 'keep' | 'record';
  told?: boolean;
  outside: boolean;
  channelId?: string;
  isOurWorkspace?: (workspace: string) => Promise<boolean>;
}) {
  const asked: string[] = [];
  const { external = 'keep', told = true, outside, channelId = 'C1', isOurWorkspace } = o;
  const policy = { maxFileBytes: 1e9, excludeTypes: new Set<string>(), external };
  const facts = told ? { facts: { userTeam: 'T0ELSEWHERE' } } : {};
  await receive(catalog, { teamId: TEAM, botUserId: 'UB', policy, now: T0 }, [
    found('F1', channelId, T0, facts),
  ]);
  const [leased] = await claimDueFiles(catalog, { owner: 'w', limit: 1, leaseMs: 1_000, now: T0 });
  if (leased === undefined) throw new Error('it is not due');
  const options = {
    ...{ catalog, owner: 'w', leaseMs: 60_000, policy, confirm: 'off', log, now: () => T0 },
    isOutside: async (userId: string) => {
      asked.push(userId);
      return outside;
    },
    ...(isOurWorkspace === undefined ? {} : { isOurWorkspace }),
    copy: async () => sampleObject('F1'),
  } as unknown as CaptureOptions;
  await capture(options, leased, new AbortController().signal);
  const file = await fileById(catalog, { teamId: TEAM, fileId: 'F1' });
  return { state: file?.state, reason: file?.reason, isMarked: file?.facts.outside === true, asked };
}

it('a file of another organisation’s people is kept, and marked', async () => {
  expect(await captured({ outside: true })).toMatchObject({ state: 'stored', isMarked: true });
});

it('or only recorded, where the owner wants that', async () => {
  expect(await captured({ external: 'record', outside: true })).toMatchObject({
    ...{ state: 'skipped', reason: 'other_org' },
  });
});

it('a workspace of our own organisation is none', async () => {
  expect(await captured({ external: 'record', outside: false })).toMatchObject({
    ...{ state: 'stored', isMarked: false },
  });
});

it('a workspace of the token’s organisation is told from others without asking about the person', async () => {
  const isOurWorkspace = async (workspace: string) => workspace === 'T0ELSEWHERE';
  const kept = await captured({ outside: true, isOurWorkspace });
  expect(kept).toMatchObject({ state: 'stored', isMarked: false, asked: [] });
  await empty(catalog);
  expect(await captured({ outside: true, isOurWorkspace: async () => false })).toMatchObject({
    isMarked: true,
  });
});

it('nobody is asked about people of this workspace, unless the answer decides', async () => {
  expect((await captured({ told: false, outside: true })).asked).toEqual([]);
  await empty(catalog);
  expect(await captured({ told: false, external: 'record', outside: true })).toMatchObject({
    ...{ state: 'skipped', asked: ['U1'] },
  });
});

it.each([
  ['keep', 'record', 'stored'],
  ['record', 'keep', 'skipped'],
] as const)('a channel’s rule %s comes before VAULT_EXTERNAL=%s', async (rule, external, state) => {
  const own = { ...NO_OVERRIDES, external: rule };
  await saveOverrides(catalog, { teamId: TEAM, channelId: 'C1', own, actorId: 'U1', now: T0 });
  expect(await captured({ external, outside: true })).toMatchObject({ state });
});

it('Slack’s word about the person decides; without it, the workspace that the file names', async () => {
  const saying = (answer: () => unknown) => ({ person: async () => answer() }) as unknown as People;
  const refuse = (error: Error) => saying(() => Promise.reject(error));
  expect(
    await isOutside(
      saying(() => ({ isOurs: true })),
      'U1',
      true,
    ),
  ).toBe(false);
  expect(
    await isOutside(
      saying(() => ({ isOurs: false })),
      'U1',
      false,
    ),
  ).toBe(true);
  for (const told of [true, false]) {
    expect(await isOutside(refuse(accountInactive()), 'U1', told)).toBe(told);
    expect(await isOutside(refuse(new SlackApiError('users.info', 'user_not_found')), 'U1', told)).toBe(told);
  }
  const away = refuse(new SlackApiError('users.info', 'unreachable', { temporary: true }));
  await expect(isOutside(away, 'U1', true)).rejects.toMatchObject({ code: 'unreachable' });
});
