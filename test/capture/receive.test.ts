import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { receive } from '../../src/capture/receive.ts';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import { channelById } from '../../src/catalog/files/channels.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { sampleFile, sampleShare, T0, TEAM } from '../catalog/samples.ts';

let dataDir: string;
let catalog: Catalog;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-receive-'));
  catalog = await openCatalog({ dataDir });
});
afterEach(async () => {
  await catalog.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const policy = { maxFileBytes: 1_000_000, excludeTypes: new Set<string>() };
const channel = { teamId: TEAM, channelId: 'C1', kind: 'public' as const, isMember: true, checkedAt: T0 };
const options = { teamId: TEAM, botUserId: 'UBOT', policy, now: T0, channel };
const seen = (uploaderId: string) => ({
  file: sampleFile('F1', { uploaderId }),
  share: sampleShare('C1', T0),
});

describe('receiving a message', () => {
  test('writes down the channel together with its files', async () => {
    expect(await receive(catalog, options, [seen('U1')])).toBe(1);
    expect(await channelById(catalog, TEAM, 'C1')).toMatchObject({ kind: 'public', isMember: true });
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toMatchObject({ state: 'pending' });
  });

  test('writes down the channel, and no file, where the bot shared one itself', async () => {
    expect(await receive(catalog, options, [seen('UBOT')])).toBe(0);
    expect(await channelById(catalog, TEAM, 'C1')).toMatchObject({ kind: 'public', isMember: true });
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toBeUndefined();
  });

  test('keeps nothing of it when part of it cannot be written', async () => {
    const broken = { ...channel, kind: null as never };
    await expect(receive(catalog, { ...options, channel: broken }, [seen('U1')])).rejects.toThrow(/NOT NULL/);
    expect(await fileById(catalog, { teamId: TEAM, fileId: 'F1' })).toBeUndefined();
  });
});
