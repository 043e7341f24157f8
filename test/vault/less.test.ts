import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Click } from '../../src/actions/click.ts';
import { confirmLess } from '../../src/actions/confirm-less.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { NO_OVERRIDES, overridesOf, saveOverrides } from '../../src/catalog/governance/rules.ts';
import { claimDuePosts } from '../../src/catalog/notices/notices.ts';
import { T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, freshCatalog, worldOf } from './governed.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await freshCatalog();
});
afterAll(() => catalog.close());

test('"React instead" changes only how the channel is told, for admins, and says so once', async () => {
  const channelId = 'C1';
  const { vault } = await worldOf(catalog, { policy: { reaction: 'file_cabinet' } });
  const own = { ...NO_OVERRIDES, maxFileBytes: 1_000 };
  await saveOverrides(catalog, { teamId: TEAM, channelId, own, actorId: ADMIN, now: T0 - 9e6 });
  const shown: string[] = [];
  const click = (userId: string, where: string | null = channelId) =>
    confirmLess.run(vault, {
      ...{ userId, channelId: where },
      // In a thread, only a window is surely seen.
      open: async (build: () => Promise<{ blocks: unknown[] }>) =>
        void shown.push(JSON.stringify(await build())),
    } as unknown as Click);
  await expect(click(ANN)).rejects.toMatchObject({ code: 'admins_only' });
  await expect(click(ADMIN, null)).rejects.toMatchObject({ code: 'no_channel' });
  await click(ADMIN);
  await click(ADMIN);
  expect(shown[0]).toContain(':file_cabinet:');
  const rule = await overridesOf(catalog, TEAM, channelId);
  expect(rule.own).toMatchObject({ confirm: 'reaction', maxFileBytes: 1_000 });
  const posts = await claimDuePosts(catalog, { owner: 'a', limit: 9, leaseMs: 9, now: T0 + 9e6 });
  const told = posts.flatMap(({ notices }) => notices.map((notice) => 'changes' in notice && notice.changes));
  expect(told.filter((changes) => changes && changes.confirm === 'reaction')).toHaveLength(1);
});
