import type { App } from '@slack/bolt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { nextChangeDueAt } from '../../src/catalog/files/changes.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { fileChange } from '../../src/events/file-change.ts';
import type { Vault } from '../../src/vault/context.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, storeFile, T0, TEAM } from '../catalog/samples.ts';

type Handler = (o: { event: unknown }) => Promise<void>;

describe.each(databases)('Slack says that a file was changed ($name)', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog.close());
  beforeEach(() => empty(catalog));

  async function told(...events: unknown[]): Promise<string[][]> {
    const woken: string[][] = [];
    let handler: Handler = async () => {};
    const app = {
      event: (_: string, given: Handler) => {
        handler = given;
      },
    };
    const policy = { versionQuietMs: 5_000 };
    const vault = { catalog, policy, identity: { teamId: TEAM }, now: () => T0 };
    const wake = (...names: string[]) => void woken.push(names);
    fileChange(app as unknown as App, { ...vault, wake } as unknown as Vault);
    for (const event of events) await handler({ event });
    return woken;
  }

  // The worker may sleep for half a minute, but the file needs only a few quiet seconds.
  test('its worker is woken once, and finds it due once it has been quiet', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0, { mode: 'quip' })], T0);
    await storeFile(catalog, 'F1', { bytes: 10, now: T0 });
    expect(await told({ file_id: 'F1' }, { file: { id: 'F1' } })).toEqual([['change']]);
    expect(await nextChangeDueAt(catalog)).toBe(T0 + 5_000);
  });

  test('for a file that the vault does not have, no worker is woken', async () => {
    expect(await told({ file_id: 'F2' }, {}, { file: null }, { file_id: 7 })).toEqual([]);
    expect(await nextChangeDueAt(catalog)).toBeNull();
  });
});
