import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, failAttempt } from '../../src/catalog/files/capture.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import type { Log } from '../../src/log.ts';
import { SlackApiError } from '../../src/slack/api.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import type { Vault } from '../../src/vault/context.ts';
import { vaultStatus } from '../../src/vault/status.ts';
import { VERSION } from '../../src/version.ts';
import { empty } from '../catalog/databases.ts';
import { found, sampleShare, sampleStub, T0, TEAM } from '../catalog/samples.ts';
import { ADMIN, ANN, BEN, EVE, freshCatalog, worldOf } from './governed.ts';

const bucket = { name: 'acme-vault', capabilities: { proof: 'sha256' } } as unknown as Bucket;
const UNCOVERED = {
  ...{ channelIds: ['C9'], total: 1, inside: 2, atLeast: false },
  channels: [{ channelId: 'C9', name: 'nine', createdAt: null, isShared: false }],
};

describe('how things stand, for people', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await freshCatalog();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  async function read(userId: string, more: Partial<Pick<Vault, 'coverage' | 'log'>> = {}) {
    const coverage = { uncovered: async () => UNCOVERED } as Vault['coverage'];
    const { vault } = await worldOf(catalog, { bucket, coverage, ...more });
    return vaultStatus(vault, { userId });
  }

  it('each person is told of the files that they could see in Slack, an admin how the vault is doing', async () => {
    const shares = [found('F1', 'C1', T0, { uploaderId: ANN }), found('F2', 'C2', T0, { uploaderId: BEN })];
    await recordShares(catalog, TEAM, shares, T0);
    await claimDueFiles(catalog, { owner: 'w', limit: 1, leaseMs: 1_000, now: T0 });
    const failure = { code: 'bucket_busy', text: 'busy', retryAt: T0 + 600_000, now: T0 };
    await failAttempt(catalog, { ref: { teamId: TEAM, fileId: 'F1' }, owner: 'w', ...failure });
    const leftOut = { file: sampleStub('F3'), share: sampleShare('C1', T0), skip: 'too_large' as const };
    await recordShares(catalog, TEAM, [leftOut], T0);
    const none = { total: 0, files: [] };
    expect(await read(EVE)).toMatchObject({
      ...{ now: T0, onTheWay: none, failures: none, notKept: none, isWhole: true, admin: null },
    });
    expect(await read(ANN)).toMatchObject({
      ...{ onTheWay: none, failures: { total: 1, files: [{ fileId: 'F1' }] }, isWhole: false, admin: null },
      notKept: { total: 1, files: [{ fileId: 'F3' }] },
    });
    expect(await read(BEN)).toMatchObject({ onTheWay: { total: 1 }, failures: { total: 1 }, admin: null });
    expect((await read(ADMIN)).admin).toMatchObject({
      ...{ version: VERSION, bucket: 'acme-vault', proof: 'sha256' },
      queue: { pending: 1, storing: 0, failed: 1 },
      reasons: [{ code: 'bucket_busy' }],
      ...{ verified: null, verifyHours: 24, covered: 2, left: [], alerts: [] },
      channels: { saved: 2, total: 3, notSaved: [{ channelId: 'C9', bar: null }] },
    });
  });

  it('admins are told where files are not read, as long as any are to be', async () => {
    const lacks = [{ kind: 'memory' as const, memoryMb: 512, neededMb: 768 }];
    const room = { ocr: [], isThere: async () => false, lacks: () => lacks };
    const readingOf = async (text: 'all' | 'off') => {
      const coverage = { uncovered: async () => UNCOVERED } as Vault['coverage'];
      const { vault } = await worldOf(catalog, { bucket, coverage, room, policy: { text } });
      return (await vaultStatus(vault, { userId: ADMIN })).admin?.reading;
    };
    expect(await readingOf('all')).toMatchObject({ waiting: 0, lacks });
    expect(await readingOf('off')).toBeNull();
  });

  it('the status is shown even when Slack does not answer everything', async () => {
    const warned: unknown[] = [];
    const log = { warn: (about: unknown) => warned.push(about) } as unknown as Log;
    const coverage = {
      async uncovered(): Promise<never> {
        throw new SlackApiError('conversations.list', 'internal_error');
      },
    } as unknown as Vault['coverage'];
    expect((await read(ADMIN, { coverage, log })).admin).toMatchObject({ channels: null });
    expect(warned).toMatchObject([{ code: 'internal_error' }]);
  });
});
