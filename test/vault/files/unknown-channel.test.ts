import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { upsertChannel } from '../../../src/catalog/files/channels.ts';
import type { Vault } from '../../../src/vault/context.ts';
import { findPage } from '../../../src/vault/files/page.ts';
import { openNewCatalog } from '../../catalog/databases.ts';

test('a channel that the vault has never heard of has no files, and Slack is not asked about it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-unknown-'));
  const catalog = await openNewCatalog(dataDir);
  const asked: string[] = [];
  const vault = {
    catalog,
    identity: { teamId: 'T1' },
    now: () => 0,
    people: { person: async () => ({ timeZoneOffset: 0 }) },
    rights: { maySeeChannel: async (_: string, channelId: string) => asked.push(channelId) > 0 },
  } as unknown as Vault;
  try {
    await upsertChannel(catalog, { teamId: 'T1', channelId: 'C0KNOWN' });
    const find = (query: string, channelId = '') =>
      findPage(vault, { userId: 'U1', channelId, query, limit: 10 });
    for (let at = 0; at < 100; at++) {
      const { page } = await find(`<#C0MADEUP${at}|made-up>`);
      expect(page.files).toEqual([]);
    }
    await find('', 'C0MADEUP');
    await find('in:<#C0KNOWN>');
    expect(asked).toEqual(['C0KNOWN']);
  } finally {
    await catalog.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
