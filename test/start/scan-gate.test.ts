import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { Policy } from '../../src/config.ts';
import { openScanGate } from '../../src/start/scan-gate.ts';
import { makeLink } from '../../src/vault/files/link.ts';
import { scanHealth } from '../../src/vault/scan/facts.ts';
import { TEAM } from '../catalog/samples.ts';
import { ADMIN, ANNA, openWorld } from '../vault/world.ts';

it('without VAULT_SCAN, malware that a rebuild brings back later, or another bot finds, stays closed', async () => {
  const world = await openWorld();
  const { catalog, vault } = world;
  const policy = {} as Policy;
  vault.scan = await openScanGate(catalog, {
    ...{ policy, register: new Registry(), log: vault.log, now: vault.now },
  });
  await world.channel('G1', [ANNA]);
  await world.share('F1', 'G1');
  const link = () => makeLink(vault, { userId: ANNA, channelId: null, fileId: 'F1' });
  expect((await link()).check).toBe(null);
  expect(await scanHealth(vault, ADMIN)).toBe(null);
  const { sha256 } = await catalog.db.selectFrom('file').select('sha256').executeTakeFirstOrThrow();
  const found = {
    state: 'infected' as const,
    signature: 'Evil.Worm',
    since: 1,
    storedAt: 1,
    told: 0,
    broke: 0,
  };
  const nothing = {
    reason: null,
    scannedWith: null,
    scannedAt: null,
    dueAt: null,
    leaseOwner: null,
    attempts: 0,
  };
  const release = { releasedBy: null, releasedAt: null, releaseReason: null };
  await catalog.db
    .insertInto('scan')
    .values({ teamId: TEAM, fileId: 'F1', number: 1, sha256: sha256 ?? '', ...found, ...nothing, ...release })
    .execute();
  await expect(link()).rejects.toMatchObject({ code: 'malware_found' });
  expect(await scanHealth(vault, ADMIN)).toMatchObject({ isOn: false, hidden: 1 });
  await world.close();
});
