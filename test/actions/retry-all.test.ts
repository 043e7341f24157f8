import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Click } from '../../src/actions/click.ts';
import { retryEverything } from '../../src/actions/retry-all.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, failAttempt } from '../../src/catalog/files/capture.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { Vault } from '../../src/vault/context.ts';
import { databases } from '../catalog/databases.ts';
import { found, T0, TEAM } from '../catalog/samples.ts';

describe.each(databases)('Retry all on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await fresh();
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), found('F2', 'C1', T0)], T0);
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1_000, now: T0 });
    const ref = { teamId: TEAM, fileId: 'F1' };
    const failure = { code: 'bucket_busy', text: 'busy', retryAt: T0 + 600_000, now: T0 };
    await failAttempt(catalog, { ref, owner: 'w', ...failure });
  });
  afterEach(() => catalog.close());

  async function click(isAdmin: boolean): Promise<string[]> {
    const shown: string[] = [];
    const vault = {
      catalog,
      identity: { teamId: TEAM },
      rights: { isAdmin: async () => isAdmin },
      wake: () => {},
      now: () => T0 + 1,
    } as unknown as Vault;
    const show = async ({ text }: { text: string }) => void shown.push(text);
    await retryEverything.run(vault, { userId: 'U1', show } as unknown as Click);
    return shown;
  }

  const state = async (fileId: string) => fileById(catalog, { teamId: TEAM, fileId });

  it('makes what failed due at once, and leaves alone what is under way', async () => {
    expect(await click(true)).toEqual([expect.stringContaining('1 file')]);
    expect(await state('F1')).toMatchObject({
      state: 'pending',
      dueAt: T0 + 1,
      attempts: 0,
      errorCode: null,
    });
    expect(await state('F2')).toMatchObject({ state: 'storing' });
    expect(await click(true)).toEqual([expect.stringContaining('nothing')]);
  });

  it('is for admins alone, whatever button was sent', async () => {
    await expect(click(false)).rejects.toMatchObject({ code: 'admins_only' });
    expect(await state('F1')).toMatchObject({ state: 'failed' });
  });
});
