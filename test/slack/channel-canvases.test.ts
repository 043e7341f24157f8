import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backfill } from '../../src/capture/backfill.ts';
import { type CaptureOptions, capture } from '../../src/capture/capture.ts';
import { receive } from '../../src/capture/receive.ts';
import { type SweepOptions, sweep } from '../../src/capture/sweep.ts';
import { START, walkOn } from '../../src/capture/walk.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../src/catalog/files/capture.ts';
import { fileById, sharesOf } from '../../src/catalog/files/lookup.ts';
import type { ConfirmMode, FileRow } from '../../src/catalog/model.ts';
import { claimDuePosts } from '../../src/catalog/notices/notices.ts';
import { claimDueBackfills, startBackfill } from '../../src/catalog/sweep/backfills.ts';
import { claimDueSweeps, meetChannel } from '../../src/catalog/sweep/sweeps.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import { canvasesOf } from '../../src/slack/channel-canvases.ts';
import { fileInfo } from '../../src/slack/file-info.ts';
import { slackHistory } from '../../src/slack/history.ts';
import { sharesOfFile } from '../../src/slack/message-files.ts';
import { openNewCatalog } from '../catalog/databases.ts';
import { found, sampleObject, sampleShare, T0, TEAM } from '../catalog/samples.ts';

const log = pino({ level: 'silent' });
const CANVAS = { teamId: TEAM, fileId: 'FCANVAS' };
const HOUR = 60 * 60_000;

/** A silent share, as `files.info` shows it for the canvas on a channel's tab. */
const silently = { ts: '1741613413.657369', source: 'CHANNEL_TAB', is_silent_share: true };

let dir: string;
let catalog: Catalog;
let now: number;
let calls: string[];
let shares: object;
let channel: object;

const api = {
  async call(method: string) {
    calls.push(method);
    if (method === 'files.info')
      return {
        file: {
          ...{ id: 'FCANVAS', name: '-', title: 'Plans', mode: 'quip', user: 'U1', size: 10, shares },
          ...{ url_private: 'https://files.slack.com/FCANVAS', mimetype: 'application/vnd.slack-docs' },
        },
      };
    if (method === 'conversations.info') return { channel };
    return { messages: [], files: [] };
  },
} as unknown as SlackApi;
const source = slackHistory({ api, teamId: TEAM, now: () => now });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'canvas-'));
  catalog = await openNewCatalog(dir);
  [now, calls, shares] = [T0, [], { public: { C1: [silently] } }];
  channel = { id: 'C1', is_member: true, properties: { canvas: { file_id: 'FCANVAS', is_empty: false } } };
});
afterEach(async () => {
  await catalog.close();
  rmSync(dir, { recursive: true, force: true });
});

const policy = { maxFileBytes: 1e9, excludeTypes: new Set<string>() };
const sweepOptions = (): SweepOptions => ({
  ...{ catalog, owner: 'w', source, botUserId: 'UBOT', log, now: () => now, policy },
});
const claim = () => ({ owner: 'w', limit: 1, leaseMs: 1_000, now });

async function runSweep() {
  for (;;) {
    const [row] = await claimDueSweeps(catalog, claim());
    if (row === undefined) return;
    await sweep(sweepOptions(), row);
    now += 1;
  }
}

async function captureAll(confirm: ConfirmMode = 'thread') {
  const options: CaptureOptions = {
    ...{ catalog, owner: 'w', leaseMs: 60_000, confirm, log, policy, now: () => now },
    fileInfo: (row: FileRow) => fileInfo(api, row),
    copy: async (file: FileRow) => sampleObject(file.fileId),
  };
  now += 10_000;
  for (;;) {
    const [leased] = await claimDueFiles(catalog, { ...claim(), leaseMs: 60_000 });
    if (leased === undefined) return;
    await capture(options, leased, new AbortController().signal);
  }
}

const posts = () => claimDuePosts(catalog, { ...claim(), limit: 9, now: now + 2 * HOUR });

describe('the canvas of a channel', () => {
  it('is found when the bot comes in, stored as a file of the channel, and told to nobody', async () => {
    await meetChannel(catalog, { teamId: TEAM, channelId: 'C1', joinedAt: now, now });
    await runSweep();
    expect(calls.filter((method) => method === 'conversations.info')).toHaveLength(1);
    await captureAll();
    expect(await fileById(catalog, CANVAS)).toMatchObject({
      ...{ state: 'stored', channelId: 'C1', messageTs: null, title: 'Plans' },
    });
    expect(await sharesOf(catalog, CANVAS)).toMatchObject([{ channelId: 'C1', ts: null }]);
    expect(await posts()).toEqual([]);
  });

  it('is no news to the next sweep', async () => {
    await meetChannel(catalog, { teamId: TEAM, channelId: 'C1', joinedAt: now, now });
    await runSweep();
    await captureAll();
    calls = [];
    await meetChannel(catalog, { teamId: TEAM, channelId: 'C1', joinedAt: now + 1, now });
    await runSweep();
    await captureAll();
    expect(calls).not.toContain('files.info');
  });

  it('is found by a backfill', async () => {
    await startBackfill(catalog, {
      ...{ teamId: TEAM, channelId: 'C1', requestedBy: 'U1', channelCreatedAt: null, now },
    });
    for (let pages = 0; pages < 5; pages++) {
      const [row] = await claimDueBackfills(catalog, claim());
      if (row !== undefined) await backfill(sweepOptions(), row);
      now += 2_000;
    }
    expect(await fileById(catalog, CANVAS)).toMatchObject({ state: 'pending' });
  });

  it('is found by a walk that an older version of the vault began', async () => {
    const { inCanvases, ...old } = { ...START, inFiles: true, inCanvases: undefined };
    const step = await walkOn(source, 'C1', 0, JSON.parse(JSON.stringify(old)));
    const last = await walkOn(source, 'C1', 0, step.next as typeof START);
    expect(last.found.map(({ file }) => file.fileId)).toEqual(['FCANVAS']);
    expect(last.next).toBe(null);
  });

  it.each<ConfirmMode>(['thread', 'reaction', 'digest'])(
    'that file_shared told of is told to nobody either (%s)',
    async (confirm) => {
      const share = { ...sampleShare('C1', now), ts: null, userId: 'USLACKBOT' };
      const stub = canvasesOf(TEAM, 'C1', channel, now)[0]?.file;
      if (stub === undefined) throw new Error('no canvas');
      await receive(catalog, { teamId: TEAM, botUserId: 'UBOT', policy, now }, [{ file: stub, share }]);
      await captureAll(confirm);
      expect(await fileById(catalog, CANVAS)).toMatchObject({ state: 'stored' });
      expect(await posts()).toEqual([]);
    },
  );

  it('of which Slack names no share at all is told to nobody', async () => {
    shares = {};
    await meetChannel(catalog, { teamId: TEAM, channelId: 'C1', joinedAt: now, now });
    await runSweep();
    await captureAll();
    expect(await fileById(catalog, CANVAS)).toMatchObject({ state: 'stored' });
    expect(await posts()).toEqual([]);
  });

  it('that somebody also shared in a message is told there', async () => {
    await receive(catalog, { teamId: TEAM, botUserId: 'UBOT', policy, now }, [
      found('FCANVAS', 'C1', now, { mode: 'quip' }),
    ]);
    await meetChannel(catalog, { teamId: TEAM, channelId: 'C1', joinedAt: now, now });
    await runSweep();
    await captureAll();
    expect(await posts()).toMatchObject([{ threadTs: sampleShare('C1', T0).ts }]);
  });
});

describe('what hangs on a channel', () => {
  const of = (told: unknown) =>
    canvasesOf(TEAM, 'C1', told, T0).map(({ file, share }) => [file.fileId, share.ts, share.silent]);

  it('is its canvas and what is on its tabs, each once', () => {
    const tab = (id: unknown) => ({ id: 'Ct1', type: 'canvas', label: '', data: { file_id: id } });
    const tabs = [tab('F1'), tab('F2'), { id: 'files', type: 'files', label: '' }, tab(7), null, 'x'];
    const properties = { canvas: { file_id: 'F1' }, tabs, tabz: [tab('F3'), tab('F2')] };
    expect(of({ properties })).toEqual([
      ['F1', null, true],
      ['F2', null, true],
      ['F3', null, true],
    ]);
  });

  it.each([
    [undefined],
    [null],
    [{}],
    [{ properties: null }],
    [{ properties: { canvas: null, tabs: {}, tabz: 'F1' } }],
    [{ properties: { canvas: { file_id: '../x' }, tabs: [{ data: null }] } }],
  ])('is nothing where Slack says nothing of it (%j)', (told) => expect(of(told)).toEqual([]));

  it('is a silent share, whose ts leads to no message', () => {
    const told = sharesOfFile({
      public: { C1: [silently, { ts: '1700000000.000100' }] },
      private: { G1: [{ ts: '1700000000.000200', is_silent_share: true }] },
    });
    expect(told.map(({ channelId, ts, silent }) => [channelId, ts, silent])).toEqual([
      ['C1', null, true],
      ['C1', '1700000000.000100', undefined],
      ['G1', null, true],
    ]);
  });
});
