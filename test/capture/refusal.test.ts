// @slow: many files, asked for many times.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CaptureOptions, capture } from '../../src/capture/capture.ts';
import { DownloadError } from '../../src/capture/download-errors.ts';
import { receive } from '../../src/capture/receive.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, retryFile } from '../../src/catalog/files/capture.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { bringBack } from '../../src/catalog/files/refusals.ts';
import type { FileRow } from '../../src/catalog/model.ts';
import { newsAmong } from '../../src/catalog/sweep/news.ts';
import { createSlackApi, type SlackApi } from '../../src/slack/api.ts';
import { isInAny } from '../../src/slack/conversations.ts';
import { fileInfo } from '../../src/slack/file-info.ts';
import { openNewCatalog } from '../catalog/databases.ts';
import { sampleFile, sampleObject, sampleShare, sampleStub, T0, TEAM } from '../catalog/samples.ts';

const log = pino({ level: 'silent' });
const F1 = { teamId: TEAM, fileId: 'F1' };
const share = sampleShare('C1', T0);
const MINUTE = 60_000;

let dir: string;
let catalog: Catalog;
let api: SlackApi;
let now: number;
let options: CaptureOptions;

beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'refusal-'));
  catalog = await openNewCatalog(dir);
  api = createSlackApi({ token: 'xoxb-test', apiUrl: 'https://slack.test/api/', log });
  now = T0;
  options = {
    ...{ catalog, owner: 'w', leaseMs: 60_000, confirm: 'thread', log, now: () => now },
    policy: { maxFileBytes: 1e9, excludeTypes: new Set() },
    fileInfo: (row) => fileInfo(api, row),
    isInAny: (channelIds) => isInAny(api, channelIds),
    copy: async () => sampleObject('F1'),
  };
});
afterEach(async () => {
  await api.close();
  await catalog.close();
  rmSync(dir, { recursive: true, force: true });
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const slack = () => nock('https://slack.test').persist();
const infoSays = (answer: object) => slack().post('/api/files.info').reply(200, answer);
const refuses = (error: string) => infoSays({ ok: false, error });
const channelSays = (channel: object) =>
  slack().post('/api/conversations.info').reply(200, { ok: true, channel });
const given = {
  ...{ id: 'F1', name: 'a.pdf', mimetype: 'application/pdf', mode: 'hosted', size: 1000, user: 'U1' },
  ...{ url_private: 'https://files.slack.com/F1', shares: { public: { C1: [{ ts: share.ts }] } } },
};

const row = async () => (await fileById(catalog, F1)) as FileRow;
const see = (file = sampleStub('F1')) =>
  receive(catalog, { teamId: TEAM, botUserId: 'U0', policy: options.policy, now }, [{ file, share }]);
const isNews = async (file = sampleFile('F1')) =>
  (await newsAmong(catalog, { teamId: TEAM, channelId: 'C1' }, [{ file, share }])).length === 1;

/** For so long, lets the file be tried each time it is due. Returns how often that was. */
async function tryFor(ms: number): Promise<number> {
  const end = now + ms;
  for (let tries = 0; ; ) {
    const { dueAt } = await row();
    if (dueAt === null || dueAt > end) {
      now = Math.max(now, end);
      return tries;
    }
    now = Math.max(now, dueAt);
    const [leased] = await claimDueFiles(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
    if (leased === undefined) throw new Error('nothing was due');
    await capture(options, leased, new AbortController().signal);
    tries += 1;
  }
}

describe('a no that may pass', () => {
  it.each([
    ['file_not_found', 'not_found'],
    ['not_visible', 'access_denied'],
    ['access_denied', 'access_denied'],
  ])('(%s) is not believed in the first minutes, and then it is', async (error, reason) => {
    refuses(error);
    channelSays({ id: 'C1', is_member: true });
    await see();
    expect(await tryFor(110_000)).toBeGreaterThanOrEqual(4);
    expect(await row()).toMatchObject({ state: 'failed', errorCode: expect.stringMatching(/^not_/) });
    await tryFor(10 * MINUTE);
    expect(await row()).toMatchObject({ state: 'skipped', reason, errorCode: null });
  });

  it('ends when the file is there, a few seconds after its event', async () => {
    refuses('file_not_found');
    await see();
    await tryFor(20_000);
    nock.cleanAll();
    infoSays({ ok: true, file: given });
    await tryFor(60_000);
    expect(await row()).toMatchObject({ state: 'stored', errorCode: null });
  });

  it('ends when the file is there after three minutes, though no sweep comes', async () => {
    refuses('file_not_found');
    channelSays({ id: 'C1', is_member: true });
    await see();
    await tryFor(3 * MINUTE);
    nock.cleanAll();
    infoSays({ ok: true, file: given });
    await tryFor(10 * MINUTE);
    expect(await row()).toMatchObject({ state: 'stored', errorCode: null });
  });

  it('while the bot is out of the channel says nothing of the file', async () => {
    refuses('file_not_found');
    channelSays({ id: 'C1', is_member: false });
    await see();
    await tryFor(10 * MINUTE);
    expect(await row()).toMatchObject({ state: 'skipped', reason: 'not_in_channel' });
    expect(await isNews(sampleStub('F1'))).toBe(true);
  });

  it.each([
    ['the channel is archived', { ok: true, channel: { id: 'C1', is_member: true, is_archived: true } }],
    ['Slack does not show the channel', { ok: false, error: 'channel_not_found' }],
  ])('is not believed when %s', async (_, answer) => {
    refuses('file_not_found');
    slack().post('/api/conversations.info').reply(200, answer);
    await see();
    await tryFor(10 * MINUTE);
    expect(await row()).toMatchObject({ state: 'skipped', reason: 'not_in_channel' });
  });

  it('is not believed while Slack does not say whether the bot is in the channel', async () => {
    options.isInAny = async () => {
      throw Object.assign(new Error('away'), { code: 'unreachable' });
    };
    refuses('file_not_found');
    await see();
    await tryFor(10 * MINUTE);
    expect(await row()).toMatchObject({ state: 'failed' });
  });

  it('after other failures is counted from its own beginning', async () => {
    infoSays({ ok: true, file: given });
    options.copy = async () => {
      throw Object.assign(new Error('the bucket is away'), { code: 'bucket_unreachable' });
    };
    await see();
    await tryFor(30 * MINUTE);
    nock.cleanAll();
    refuses('file_not_found');
    channelSays({ id: 'C1', is_member: true });
    const before = await row();
    now = before.dueAt as number;
    await tryFor(90_000);
    expect(await row()).toMatchObject({ state: 'failed', errorCode: 'not_shown_yet' });
    expect((await row()).attempts).toBeLessThan(before.attempts);
  });

  it.each([401, 403, 404, 410])(
    'of the download (%d) is one when Slack says the same of the file',
    async (status) => {
      refuses('file_not_found');
      channelSays({ id: 'C1', is_member: true });
      options.copy = async () => {
        throw new DownloadError('gone', `refused (${status})`, { permanent: true });
      };
      await see(sampleFile('F1'));
      await tryFor(30_000);
      expect(await row()).toMatchObject({ state: 'failed', errorCode: 'not_shown_yet' });
      await tryFor(10 * MINUTE);
      expect(await row()).toMatchObject({ state: 'skipped', reason: 'not_found' });
    },
  );

  it('of an older version of the vault, and every other one that may pass, is news when it is seen', async () => {
    for (const reason of ['not_found', 'not_in_channel', 'access_denied', 'hidden_by_limit'] as const) {
      await see();
      await catalog.db.updateTable('file').set({ state: 'skipped', reason, dueAt: null }).execute();
      expect(await isNews()).toBe(true);
      expect(await isNews(sampleStub('F1'))).toBe(true);
    }
    await catalog.db.updateTable('file').set({ reason: 'deleted_in_slack' }).execute();
    expect([await isNews(), await isNews(sampleStub('F1'))]).toEqual([true, false]);
  });

  it('ends for all files of a channel that the bot is in again, however many', async () => {
    const ids = Array.from({ length: 250 }, (_, i) => `F${String(i).padStart(4, '0')}`);
    const sightings = ids.map((fileId) => ({ file: sampleFile(fileId), share }));
    await receive(catalog, { teamId: TEAM, botUserId: 'U0', policy: options.policy, now }, sightings);
    const set = (reason: 'not_found' | 'not_in_channel' | 'external', from: string, to: string) =>
      catalog.db
        .updateTable('file')
        .set({ state: 'skipped', reason, dueAt: null })
        .where('fileId', '>=', from)
        .where('fileId', '<', to)
        .execute();
    await set('not_in_channel', 'F0000', 'F0230');
    await set('not_found', 'F0230', 'F0240');
    await set('external', 'F0240', 'F0250');
    const back = (channelId: string, all: boolean) =>
      bringBack(catalog, { teamId: TEAM, channelId, all, now });
    expect(await back('C2', true)).toBe(0);
    expect(await back('C1', false)).toBe(230);
    expect(await back('C1', true)).toBe(10);
    expect(await back('C1', true)).toBe(0);
  });

  it('of long ago ends without a word, because nobody waits for it any more', async () => {
    const sightings = ['F1', 'F2'].map((fileId) => ({ file: sampleFile(fileId), share }));
    await receive(catalog, { teamId: TEAM, botUserId: 'U0', policy: options.policy, now }, sightings);
    await catalog.db
      .updateTable('file')
      .set({ state: 'skipped', reason: 'not_found', dueAt: null })
      .execute();
    const old = share.sharedAt - MINUTE;
    await catalog.db.updateTable('file').set({ sharedAt: old }).where('fileId', '=', 'F2').execute();
    await bringBack(catalog, { teamId: TEAM, channelId: 'C1', all: true, quietBefore: share.sharedAt, now });
    const rows = await catalog.db.selectFrom('file').select(['state', 'quiet']).orderBy('fileId').execute();
    expect(rows).toEqual([
      { state: 'pending', quiet: 0 },
      { state: 'pending', quiet: 1 },
    ]);
  });
});

describe('a final no', () => {
  it.each([
    ['file_deleted', 'deleted_in_slack'],
    ['canvas_globally_disabled', 'access_denied'],
    ['canvas_disabled_user_team', 'access_denied'],
    ['canvas_disabled_file_team', 'access_denied'],
    ['template_not_visible', 'access_denied'],
    ['slack_connect_canvas_sharing_blocked', 'access_denied'],
    ['ekm_access_denied', 'access_denied'],
  ])('(%s) ends at once', async (error, reason) => {
    refuses(error);
    await see();
    expect(await tryFor(60_000)).toBe(1);
    expect(await row()).toMatchObject({ state: 'skipped', reason });
  });

  it('for the whole workspace is not asked about by every sweep, only when a person wants that', async () => {
    refuses('canvas_globally_disabled');
    await see();
    await tryFor(60_000);
    await see(sampleFile('F1'));
    expect(await isNews()).toBe(false);
    expect(await row()).toMatchObject({ state: 'skipped' });
    await retryFile(catalog, F1, 'U1', now);
    expect(await row()).toMatchObject({ state: 'pending' });
  });

  it('is none when the answer is about another file, or none at all', async () => {
    infoSays({ ok: true, file: { ...given, id: 'F2' } });
    await see();
    await tryFor(10 * MINUTE);
    expect(await row()).toMatchObject({ state: 'failed', errorCode: 'unexpected_answer' });
  });
});
