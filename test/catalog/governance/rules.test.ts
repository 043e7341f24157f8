import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { policiesFor, receive } from '../../../src/capture/receive.ts';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { fileById } from '../../../src/catalog/files/lookup.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { channelFacts } from '../../../src/catalog/governance/channel-facts.ts';
import { countExpired, expiredFiles, retainedChannels } from '../../../src/catalog/governance/retention.ts';
import type { Overrides } from '../../../src/catalog/governance/rule-model.ts';
import {
  applyRules,
  NO_OVERRIDES,
  overridesOf,
  overridesOfFile,
  rulesOf,
  saveOverrides,
} from '../../../src/catalog/governance/rules.ts';
import { claimDuePosts } from '../../../src/catalog/notices/notices.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const DAY = 24 * 60 * 60_000;
const defaults = {
  ...{ confirm: 'thread' as const, excludeTypes: new Set(['mp4']), maxFileBytes: 1_000 },
  ...{ retentionDays: 0, onSlackDelete: 'keep' as const },
};

describe.each(databases)('rules of channels on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const save = (channelId: string, own: Partial<Overrides>, now = T0) =>
    saveOverrides(catalog, { teamId: TEAM, channelId, own: { ...NO_OVERRIDES, ...own }, actorId: 'U9', now });
  const share = (fileId: string, channelId: string, more: Parameters<typeof sampleFile>[1] = {}) =>
    receive(catalog, { teamId: TEAM, botUserId: 'UBOT', policy: defaults, now: T0 }, [
      { file: sampleFile(fileId, more), share: sampleShare(channelId, T0) },
    ]);
  const standing = async (fileId: string) => {
    const file = await fileById(catalog, { teamId: TEAM, fileId });
    return [file?.state, file?.reason];
  };

  test('take the place of the defaults, come back as they were, and follow a channel to another id', async () => {
    const own: Overrides = {
      ...{ capture: false, confirm: 'off', excludeTypes: [], maxFileBytes: 5, retentionDays: 0 },
      onSlackDelete: 'trash',
    };
    expect(await save('C1', own)).toEqual(own);
    expect((await overridesOf(catalog, TEAM, 'C1')).own).toEqual(own);
    const rules = await rulesOf(catalog, TEAM, ['C1', 'C2'], defaults);
    expect(rules.get('C1')).toEqual({ ...own, excludeTypes: new Set() });
    expect(rules.get('C2')).toEqual(applyRules(defaults));
    await save('C9', { confirm: 'digest' });
    await moveChannel(catalog, TEAM, 'C1', 'C9');
    expect((await overridesOf(catalog, TEAM, 'C9')).own).toEqual(own);
    expect((await overridesOf(catalog, TEAM, 'C1')).own).toEqual(NO_OVERRIDES);
    // Rules that were taken back take none from the channel's other id.
    await save('C2', { retentionDays: 30 });
    await save('C2', { retentionDays: null });
    await moveChannel(catalog, TEAM, 'C2', 'C9');
    expect((await overridesOf(catalog, TEAM, 'C9')).own).toEqual(own);
  });

  test('tell the channel and the audit log what changed, and nothing when nothing did', async () => {
    expect(await save('C1', { retentionDays: 30 })).toEqual({ retentionDays: 30 });
    expect(await save('C1', { retentionDays: 30 })).toEqual({});
    const [post] = await claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now: T0 + DAY });
    expect(post).toMatchObject({ kind: 'rules', channelId: 'C1' });
    expect(post?.notices).toMatchObject([{ kind: 'rules', actorId: 'U9', changes: { retentionDays: 30 } }]);
    const entries = await catalog.db.selectFrom('audit').select(['action', 'detail']).execute();
    expect(entries.map(({ action, detail }) => [action, JSON.parse(detail)])).toEqual([
      ['rules', { changes: { retentionDays: 30 }, before: { retentionDays: null } }],
    ]);
  });

  test('are asked for by file: those of each channel that it was shared in', async () => {
    await save('C1', { maxFileBytes: 5, excludeTypes: ['pdf', 'zip'] });
    await save('C3', { capture: false });
    for (const channelId of ['C1', 'C2', 'C3']) await share('F1', channelId);
    await share('F2', 'C2');
    const ofFile = (fileId: string) => overridesOfFile(catalog, { teamId: TEAM, fileId });
    const c1 = { ...NO_OVERRIDES, maxFileBytes: 5, excludeTypes: ['pdf', 'zip'] };
    const found = await ofFile('F1');
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining([c1, NO_OVERRIDES, { ...NO_OVERRIDES, capture: false }]));
    expect(await ofFile('F2')).toEqual([NO_OVERRIDES]);
    expect(await ofFile('F9')).toEqual([]);

    const policy = { ...defaults, maxFileBytes: 3 };
    expect((await policiesFor(catalog, { teamId: TEAM, fileId: 'F1' }, policy)).maxFileBytes).toBe(5);
    expect((await policiesFor(catalog, { teamId: TEAM, fileId: 'F9' }, policy)).maxFileBytes).toBe(3);
  });

  test('decide what is received: off, types and sizes of each channel', async () => {
    await save('C1', { capture: false });
    await save('C2', { excludeTypes: ['pdf'], maxFileBytes: 5_000 });
    await share('F1', 'C1');
    await share('F2', 'C2');
    await share('F3', 'C2', { name: 'a.mp4', filetype: 'mp4', size: 4_000 });
    await share('F4', 'C3', { name: 'a.mp4', filetype: 'mp4' });
    await share('F5', 'C3', { size: 4_000 });
    expect(await Promise.all(['F1', 'F2', 'F3', 'F4', 'F5'].map(standing))).toEqual([
      ['skipped', 'capture_off'],
      ['skipped', 'excluded_type'],
      ['pending', null],
      ['skipped', 'excluded_type'],
      ['skipped', 'too_large'],
    ]);
  });

  test('decide how a stored file is told', async () => {
    await save('C1', { confirm: 'off' });
    await save('C2', { confirm: 'reaction' });
    for (const [fileId, channelId] of [
      ['F1', 'C1'],
      ['F2', 'C2'],
      ['F3', 'C3'],
    ] as const) {
      await recordShares(catalog, TEAM, [found(fileId, channelId, T0)], T0);
      await storeFile(catalog, fileId, { confirm: 'thread' });
    }
    const posts = await claimDuePosts(catalog, { owner: 'p', limit: 9, leaseMs: 9, now: T0 + DAY });
    const told = posts
      .filter(({ kind }) => kind === 'stored')
      .map(({ channelId, manner }) => [channelId, manner]);
    expect(told.sort()).toEqual([
      ['C2', 'reaction'],
      ['C3', 'message'],
    ]);
  });

  test('say which channels let go, by default and by themselves, and how many files that would be', async () => {
    await recordShares(
      catalog,
      TEAM,
      [found('F1', 'C1', T0), found('F2', 'C1', T0 + DAY), found('F3', 'C2', T0)],
      T0,
    );
    for (const id of ['F1', 'F2', 'F3']) await storeFile(catalog, id);
    // Listed, but no file of it would go.
    await recordShares(catalog, TEAM, [found('F4', 'C1', T0)], T0);
    await recordShares(catalog, TEAM, [{ ...found('F5', 'C1', T0), skip: 'external' }], T0);
    expect(await retainedChannels(catalog, TEAM, 0)).toEqual([]);
    expect(await retainedChannels(catalog, TEAM, 7)).toEqual([
      { channelId: 'C1', days: 7 },
      { channelId: 'C2', days: 7 },
    ]);
    await save('C1', { retentionDays: 0 });
    await save('C2', { retentionDays: 3 });
    // A channel's rule also holds for what was closed to it.
    const ruled = await retainedChannels(catalog, TEAM, 0);
    expect(ruled).toHaveLength(2);
    for (const channelId of ['C2', '!C2']) expect(ruled).toContainEqual({ channelId, days: 3 });
    expect(await retainedChannels(catalog, TEAM, 7)).toEqual([{ channelId: 'C2', days: 3 }]);
    const where = { teamId: TEAM, channelId: 'C1', days: 5, defaultDays: 0 };
    expect(await countExpired(catalog, { ...where, now: T0 + 5 * DAY })).toEqual({
      files: 1,
      atLeast: false,
    });
    expect(await countExpired(catalog, { ...where, now: T0 + 6 * DAY })).toEqual({
      files: 2,
      atLeast: false,
    });
    // Tried out, not saved: the channel itself still keeps them.
    const page = await expiredFiles(catalog, { ...where, after: null, now: T0 + 9 * DAY });
    expect(page.fileIds).toEqual([]);
    const tried = await expiredFiles(catalog, { ...where, after: null, now: T0 + 9 * DAY, asIf: true });
    expect(tried.fileIds).toEqual(['F1', 'F2']);
  });

  test('the facts of a channel are sums of what is stored', async () => {
    await recordShares(
      catalog,
      TEAM,
      [found('F1', 'C1', T0), found('F1', 'C2', T0), found('F2', 'C1', T0)],
      T0,
    );
    await storeFile(catalog, 'F1', { bytes: 10 });
    const facts = { files: 1, bytes: 10, isMember: false, since: null };
    expect(await channelFacts(catalog, TEAM, 'C1')).toEqual(facts);
    expect(await channelFacts(catalog, TEAM, 'C7')).toEqual({ ...facts, files: 0, bytes: 0 });
  });
});
