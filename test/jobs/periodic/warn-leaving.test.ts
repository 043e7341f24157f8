import { expect, it } from 'vitest';
import { claimDuePeriodicJobs, nextPeriodicJobDueAt } from '../../../src/catalog/alerts/periodic-jobs.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { setHold } from '../../../src/catalog/governance/holds.ts';
import {
  endKeep,
  filesLeaving,
  keepFile,
  keptOf,
  leavingFiles,
} from '../../../src/catalog/governance/leaving.ts';
import { expireFile } from '../../../src/catalog/governance/retention.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { warn, warning } from '../../../src/jobs/periodic/warn-leaving.ts';
import { postScreen } from '../../../src/jobs/post-screen.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { databases, empty } from '../../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../../catalog/samples.ts';

const DAY = 86_400_000;
const DAYS = 30;
const policy = { retentionDays: 0, trashDays: 14 };

it.each(databases)('on $name', async ({ fresh }) => {
  const catalog: Catalog = await fresh();
  let now = T0;
  const slack = {
    call: async (_: string, { users }: { users: string }) => ({ channel: { id: `D${users}` } }),
  };
  const vault = {
    ...{ catalog, slack, policy, identity: { teamId: TEAM }, now: () => now, wake: () => {} },
    ...{ people: {}, rights: { visibleChannels: async () => ['C1'] } },
    log: { info: () => {}, warn: () => {} },
  } as unknown as Vault;

  const stored = async (fileId: string, daysLeft: number) => {
    const at = T0 - (DAYS - daysLeft) * DAY;
    await recordShares(catalog, TEAM, [found(fileId, 'C1', at)], at);
    await storeFile(catalog, fileId);
  };
  const rule = (mayKeep: boolean) =>
    saveOverrides(catalog, {
      ...{ teamId: TEAM, channelId: 'C1', actorId: 'U9', now },
      own: { ...NO_OVERRIDES, retentionDays: DAYS, ...(mayKeep ? { mayKeep } : {}) },
    });
  const walk = async () => {
    for (;;) {
      const [row] = await claimDuePeriodicJobs(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
      if (row === undefined) return;
      await warn(vault, 'w', row);
      if (((await nextPeriodicJobDueAt(catalog)) as number) > now) return;
    }
  };
  const posts = async () =>
    (await claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 0, now: now + DAY })).filter(
      ({ kind }) => kind === 'leaving',
    );
  const text = async () => {
    const [post] = await posts();
    return post === undefined ? '' : JSON.stringify((await postScreen(vault as never, post)).blocks);
  };

  await rule(false);
  await warning.setUp(vault);
  for (let i = 0; i < 7; i++) await stored(`F${i}`, 6);
  await stored('FHELD', 6);
  await stored('FLATER', 12);
  await stored('FNOW', -1);
  const scope = { personId: null, channelId: null, fileId: 'FHELD', sharedFrom: null, sharedUntil: null };
  await setHold(catalog, { teamId: TEAM, scope, reason: 'x', actorId: 'U9', now });

  await walk();
  expect(await posts()).toHaveLength(1);
  const day = Math.floor((T0 + 6 * DAY) / DAY);
  // As each reader writes dates; its noon is that day nearly everywhere.
  const name = `<!date^${(day * DAY) / 1000 + 43_200}^{date_short}|`;
  const said = await text();
  expect(said).toContain(`7 files of yours will go to the trash on ${name}`);
  expect(said).toContain('and 2 more');
  expect(said).not.toContain('Keep this one');
  // Once for a file and a day, also when a walk is done again.
  now += 3_600_000;
  await walk();
  expect((await posts())[0]?.notices).toHaveLength(1);

  const uploader = (
    await catalog.db
      .selectFrom('file')
      .select('uploaderId')
      .where('fileId', '=', 'F0')
      .executeTakeFirstOrThrow()
  ).uploaderId as string;
  const keep = (fileId: string) =>
    keepFile(catalog, { ref: { teamId: TEAM, fileId }, actorId: uploader, defaultDays: 0, now });
  expect(await keep('F0')).toBe(false);
  await rule(true);
  expect(await text()).toContain('Keep this one');
  expect(await keep('F0')).toBe(true);
  expect(await keptOf(catalog, { teamId: TEAM, fileId: 'F0' })).toEqual({ by: uploader, at: now });
  const left = await filesLeaving(catalog, { teamId: TEAM, userId: uploader, day, limit: 3, defaultDays: 0 });
  expect([left.total, left.files.length]).toEqual([6, 3]);
  expect(await text()).toContain('6 files of yours');
  expect(await text()).toMatch(/You are keeping: `?F0\.pdf/);

  // A short time: halfway, and not as soon as the file is saved.
  const brief = (at: number) =>
    leavingFiles(catalog, {
      ...{ teamId: TEAM, channelId: 'C2', days: 6, defaultDays: 6, after: null },
      now: at,
    }).then(({ leaving }) => leaving.length);
  await recordShares(catalog, TEAM, [found('FBRIEF', 'C2', now)], now);
  await storeFile(catalog, 'FBRIEF');
  expect([await brief(now + DAY), await brief(now + 4 * DAY)]).toEqual([0, 1]);

  now = T0 + 10 * DAY;
  const expire = (fileId: string) =>
    expireFile(catalog, {
      ...{ ref: { teamId: TEAM, fileId }, channelId: 'C1', defaultDays: 0, purgeAt: now + DAY, now },
    });
  expect([await expire('F0'), await expire('F1'), await expire('FHELD')]).toEqual([false, true, false]);
  expect(await endKeep(catalog, { ref: { teamId: TEAM, fileId: 'F0' }, actorId: 'U9', now })).toBe(true);
  expect(await expire('F0')).toBe(true);
  await empty(catalog);
  await catalog.close();
});
