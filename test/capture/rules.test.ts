import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CaptureOptions, capture } from '../../src/capture/capture.ts';
import { policiesFor, receive } from '../../src/capture/receive.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, retryFile } from '../../src/catalog/files/capture.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import type { Overrides } from '../../src/catalog/governance/rule-model.ts';
import { NO_OVERRIDES, saveOverrides } from '../../src/catalog/governance/rules.ts';
import { openNewCatalog } from '../catalog/databases.ts';
import { found, sampleFile, sampleObject, sampleShare, T0, TEAM } from '../catalog/samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };

let dir: string;
let catalog: Catalog;
let options: CaptureOptions;
let copied: number[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rules-'));
  catalog = await openNewCatalog(dir);
  copied = [];
  options = {
    ...{ catalog, owner: 'w', leaseMs: 60_000, confirm: 'thread', now: () => T0 },
    policy: { maxFileBytes: 5_000, excludeTypes: new Set() },
    log: pino({ level: 'silent' }),
    fileInfo: async () => ({ file: sampleFile('F1'), shares: [sampleShare('C1', T0)] }),
    async copy(_, __, maxBytes) {
      copied.push(maxBytes);
      return sampleObject('F1');
    },
  };
});
afterEach(async () => {
  await catalog.close();
  rmSync(dir, { recursive: true, force: true });
});

const see = (channelId = 'C1', own: object = {}) =>
  receive(catalog, { teamId: TEAM, botUserId: 'U0', policy: options.policy, now: T0 }, [
    found('F1', channelId, T0, own),
  ]);
const rule = (channelId: string, own: Partial<Overrides>) =>
  saveOverrides(catalog, {
    ...{ teamId: TEAM, channelId, actorId: 'U1', now: T0 },
    own: { ...NO_OVERRIDES, ...own },
  });
const state = async () => {
  const file = await fileById(catalog, F1);
  return file?.reason ?? file?.state;
};
async function attempt() {
  const [leased] = await claimDueFiles(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now: T0 });
  if (leased === undefined) throw new Error('nothing was due');
  return capture(options, leased, new AbortController().signal);
}

describe.each<[string, Partial<Overrides>, string]>([
  ['a channel that is switched off', { capture: false }, 'capture_off'],
  ['a type that is left out', { excludeTypes: ['pdf'] }, 'excluded_type'],
  ['a size that is too large', { maxFileBytes: 10 }, 'too_large'],
])('the rule of %s', (_, own, reason) => {
  it('counts for what was seen before it was made', async () => {
    await see();
    await rule('C1', own);
    expect([await attempt(), await state(), copied]).toEqual(['skipped', reason, []]);
  });

  it('is not got round by Retry, nor by sharing it again', async () => {
    await rule('C1', own);
    await see();
    expect(await state()).toBe(reason);
    await retryFile(catalog, F1, 'U1', T0);
    expect([await attempt(), await state(), copied]).toEqual(['skipped', reason, []]);
    await see('C1');
    expect(await state()).toBe(reason);
  });

  it('is not got round by a file that has to be looked up first', async () => {
    await rule('C1', own);
    await see('C1', { complete: false, name: null, filetype: null, size: null, url: null });
    await retryFile(catalog, F1, 'U1', T0);
    const [leased] = await claimDueFiles(catalog, {
      ...{ owner: 'w', limit: 1, leaseMs: 60_000, now: T0 + 6_000 },
    });
    if (leased !== undefined) await capture(options, leased, new AbortController().signal);
    expect([await state(), copied]).toEqual([reason, []]);
  });

  it('leaves what another channel takes', async () => {
    await rule('C1', own);
    await see('C1');
    await see('C2');
    expect([await attempt(), await state()]).toEqual(['stored', 'stored']);
  });

  it('lets what was in the vault before, and got lost there, be fetched again', async () => {
    await see();
    await rule('C1', own);
    await catalog.db.updateTable('file').set({ storedAt: T0 }).execute();
    expect([await attempt(), await state()]).toEqual(['stored', 'stored']);
  });
});

describe('the rules of a file', () => {
  it('are read once for an ordinary capture, and bound its bytes', async () => {
    await see();
    expect([await attempt(), copied]).toEqual(['stored', [5_000]]);
  });

  it('are those of the channels that are on', async () => {
    await see('C1');
    await see('C2');
    await rule('C1', { capture: false, maxFileBytes: 9_000 });
    const limits = await policiesFor(catalog, F1, options.policy);
    expect([limits.maxFileBytes, limits.unwanted(sampleFile('F1'))]).toEqual([5_000, undefined]);
    await rule('C2', { capture: false });
    expect((await policiesFor(catalog, F1, options.policy)).unwanted(sampleFile('F1'))).toBe('capture_off');
  });
});
