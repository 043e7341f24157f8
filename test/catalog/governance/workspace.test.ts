import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { claimWorkspace } from '../../../src/catalog/governance/workspace.ts';
import { beginRebuild, STANDING } from '../../../src/catalog/journal/replay.ts';
import { databases, empty } from '../databases.ts';
import { found, T0 } from '../samples.ts';

describe.each(databases)('the workspace of a catalog on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const problem = (teamId: string) =>
    claimWorkspace(catalog, teamId).then(
      () => undefined,
      (error) => error,
    );

  test('is the first that comes, for good', async () => {
    await claimWorkspace(catalog, 'T1');
    await claimWorkspace(catalog, 'T1');
    const error = await problem('T2');
    expect(error).toMatchObject({ code: 'catalog_other_workspace' });
    expect(error.message).toMatch(/T1.*T2/);
    expect(error.message).toContain('DATABASE_URL');
    expect(error.message).not.toContain('\n');
    await claimWorkspace(catalog, 'T1');
  });

  test('is one, if two come at once', async () => {
    const outcomes = await Promise.all(['T1', 'T2', 'T1', 'T2'].map(problem));
    expect(outcomes.filter((error) => error === undefined)).toHaveLength(2);
    expect(outcomes[0] === undefined).toBe(outcomes[2] === undefined);
  });

  test.each(['a file', 'a channel'])('is learned from %s of before it was remembered', async (what) => {
    if (what === 'a file') await recordShares(catalog, 'T1', [found('F1', 'C1', T0)], T0);
    else
      await sql`insert into channel (team_id, channel_id, kind, is_member, is_archived, checked_at)
        values ('T1', 'C1', 'public', 1, 0, 0)`.execute(catalog.db);
    expect(await problem('T2')).toMatchObject({ code: 'catalog_other_workspace' });
    expect(await problem('T1')).toBeUndefined();
  });

  test('that two shared already is that of the first that comes now', async () => {
    for (const team of ['T1', 'T2']) await recordShares(catalog, team, [found(`F-${team}`, 'C1', T0)], T0);
    expect(await problem('T2')).toBeUndefined();
    expect(await problem('T1')).toMatchObject({ code: 'catalog_other_workspace' });
  });

  test('of Enterprise Grid is the id that Slack gives the bot, be it the organization’s', async () => {
    await claimWorkspace(catalog, 'E1');
    expect(await problem('E1')).toBeUndefined();
    expect(await problem('T1')).toMatchObject({ code: 'catalog_other_workspace' });
  });

  test('is not rebuilt from another one', async () => {
    await claimWorkspace(catalog, 'T1');
    const error = await beginRebuild(catalog, STANDING.byHand, 'T2').catch((reason) => reason);
    expect(error).toMatchObject({ code: 'catalog_other_workspace' });
    await beginRebuild(catalog, STANDING.byHand, 'T1');
    // One that was cut short belongs to nobody.
    await beginRebuild(catalog, STANDING.byHand, 'T2');
    expect(await problem('T2')).toBeUndefined();
  });
});
