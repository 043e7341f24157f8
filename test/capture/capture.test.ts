import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backOff } from '../../src/capture/back-off.ts';
import { type CaptureOptions, capture, type FileInfo } from '../../src/capture/capture.ts';
import { DownloadError, type DownloadErrorCode } from '../../src/capture/download-errors.ts';
import { receive } from '../../src/capture/receive.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles } from '../../src/catalog/files/capture.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { bringBack } from '../../src/catalog/files/refusals.ts';
import type { FileRow, Share, SharedFile, StoredObject } from '../../src/catalog/model.ts';
import { claimDuePosts } from '../../src/catalog/notices/notices.ts';
import { newsAmong } from '../../src/catalog/sweep/news.ts';
import { openNewCatalog } from '../catalog/databases.ts';

const T0 = Date.UTC(2026, 10, 23);
const owner = 'test';
const ref = { teamId: 'T1', fileId: 'F1' };
const policy = { maxFileBytes: 1_000, excludeTypes: new Set(['mov']) };

const complete: SharedFile = {
  ...ref,
  name: 'a.pdf',
  title: null,
  mimetype: 'application/pdf',
  filetype: 'pdf',
  mode: 'hosted',
  size: 10,
  uploaderId: 'U1',
  createdAt: T0,
  url: 'https://files.slack.com/files-pri/T1-F1/a.pdf',
  externalUrl: null,
  permalink: null,
  complete: true,
};
const share: Share = {
  channelId: 'C1',
  channelKind: 'public',
  ts: '1.2',
  threadTs: null,
  userId: 'U1',
  sharedAt: T0,
};
const stub: SharedFile = { ...complete, name: null, size: null, url: null, complete: false };
const object: StoredObject = {
  key: 'T1/C1/a.pdf',
  bytes: 10,
  sha256: 'ab',
  crc32: 'AAAAAA==',
  etag: null,
  versionId: null,
  proof: 'crc32',
};

let dir: string;
let catalog: Catalog;
let now: number;
let options: CaptureOptions;
let copied: FileRow[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'capture-'));
  catalog = await openNewCatalog(dir);
  now = T0;
  copied = [];
  options = {
    catalog,
    owner,
    leaseMs: 60_000,
    policy,
    confirm: 'thread',
    fileInfo: async () => {
      throw new Error('Slack was asked although the event said enough');
    },
    copy: async (file) => {
      copied.push(file);
      return object;
    },
    log: pino({ level: 'silent' }),
    now: () => now,
  };
});
afterEach(async () => {
  await catalog.close();
  rmSync(dir, { recursive: true, force: true });
});

const see = (file: SharedFile, shown: Share = share) =>
  receive(catalog, { teamId: 'T1', botUserId: 'U0', policy, now }, [{ file, share: shown }]);
const row = async () => (await fileById(catalog, ref)) as FileRow;

async function attempt(stop: AbortSignal = new AbortController().signal) {
  const [leased] = await claimDueFiles(catalog, { owner, limit: 1, leaseMs: 60_000, now });
  if (leased === undefined) throw new Error('nothing was due');
  return capture(options, leased, stop);
}

const failing =
  ({ code, ...about }: { code: DownloadErrorCode; permanent?: boolean; retryAfterMs?: number }) =>
  async () => {
    throw new DownloadError(code, 'no luck', about);
  };

describe('a capture', () => {
  it('asks Slack nothing when the event said enough, and leaves a notice', async () => {
    await see(complete);
    expect(await attempt()).toBe('stored');
    expect(await row()).toMatchObject({ state: 'stored', objectKey: object.key, sha256: 'ab', dueAt: null });
    const posts = await claimDuePosts(catalog, { owner, limit: 5, leaseMs: 1_000, now: now + 60_000 });
    expect(posts).toMatchObject([
      { channelId: 'C1', threadTs: '1.2', notices: [{ fileId: 'F1', kind: 'stored' }] },
    ]);
  });

  it('looks a stub up, and learns where it was shared', async () => {
    await see(stub, { ...share, ts: null });
    now += 6_000;
    options.fileInfo = async (): Promise<FileInfo> => ({ file: complete, shares: [share] });
    expect(await attempt()).toBe('stored');
    expect(copied[0]).toMatchObject({ url: complete.url, messageTs: '1.2' });
    expect(await row()).toMatchObject({ name: 'a.pdf', messageTs: '1.2' });
  });

  it('waits for a file that Slack is still working on, without calling it a failure at first', async () => {
    await see(stub);
    now += 6_000;
    options.fileInfo = async () => ({ file: stub, shares: [] });
    for (let tries = 0; tries < 8; tries += 1) {
      expect(await attempt()).toBe('deferred');
      now = ((await row()).dueAt as number) + 1;
    }
    expect(await attempt()).toBe('failed');
    expect(await row()).toMatchObject({ state: 'failed', errorCode: 'not_ready' });
  });

  it('writes a failure down and comes back, as late as the other side asks', async () => {
    await see(complete);
    options.copy = failing({ code: 'rate_limited', retryAfterMs: 120_000 });
    expect(await attempt()).toBe('failed');
    const failed = await row();
    expect(failed).toMatchObject({ state: 'failed', errorCode: 'rate_limited' });
    expect(failed.dueAt).toBeGreaterThanOrEqual(now + 120_000);
    now = (failed.dueAt as number) + 1;
    options.fileInfo = async () => ({ file: complete, shares: [share] });
    options.copy = async () => object;
    expect(await attempt()).toBe('stored');
    expect(await row()).toMatchObject({ state: 'stored', errorCode: null });
  });

  it.each([
    ['Slack says that it is gone', { skip: 'deleted_in_slack' as const }, 'deleted_in_slack'],
    ['Slack will not show it', { skip: 'access_denied' as const }, 'access_denied'],
  ])('that fails for good, and %s, is recorded with that reason', async (_, answer, reason) => {
    await see(complete);
    options.copy = failing({ code: 'not_found', permanent: true });
    options.fileInfo = async () => answer;
    expect(await attempt()).toBe('skipped');
    expect(await row()).toMatchObject({ state: 'skipped', reason });
  });

  it('that fails for good is not believed while Slack cannot be asked', async () => {
    await see(complete);
    options.copy = failing({ code: 'not_found', permanent: true });
    options.fileInfo = async () => {
      throw new Error('Slack is down');
    };
    expect(await attempt()).toBe('failed');
    expect((await row()).dueAt).not.toBeNull();
  });

  it('of a file that turns out to be larger than allowed is recorded as that', async () => {
    await see({ ...complete, size: null, mode: 'canvas' });
    options.copy = failing({ code: 'too_large', permanent: true });
    expect(await attempt()).toBe('skipped');
    expect(await row()).toMatchObject({ reason: 'too_large' });
  });

  it('that is stopped hands the file back, uncounted', async () => {
    await see(complete);
    const stop = new AbortController();
    options.copy = async () => {
      stop.abort();
      throw new Error('aborted');
    };
    expect(await attempt(stop.signal)).toBe('handed_back');
    expect(await row()).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await row()).dueAt).toBeLessThanOrEqual(now);
  });

  it('whose lease somebody else took over changes nothing', async () => {
    await see(complete);
    options.copy = async () => {
      const [taken] = await claimDueFiles(catalog, {
        owner: 'other',
        limit: 1,
        leaseMs: 60_000,
        now: now + 61_000,
      });
      await capture(
        { ...options, owner: 'other', copy: async () => ({ ...object, sha256: 'theirs' }) },
        taken as FileRow,
        new AbortController().signal,
      );
      return { ...object, sha256: 'ours' };
    };
    options.fileInfo = async () => ({ file: complete, shares: [share] });
    expect(await attempt()).toBe('lost_lease');
    expect(await row()).toMatchObject({ state: 'stored', sha256: 'theirs' });
  });
});

describe('what is received', () => {
  it.each<[string, Partial<SharedFile>, string]>([
    ['over the limit', { size: 1_001 }, 'too_large'],
    ['of an excluded type', { filetype: 'mov', name: 'clip' }, 'excluded_type'],
    ['with an excluded extension', { filetype: 'binary', name: 'clip.MOV' }, 'excluded_type'],
  ])('%s is recorded, not stored', async (_, change, reason) => {
    expect(await see({ ...complete, ...change })).toBe(0);
    expect(await row()).toMatchObject({ state: 'skipped', reason });
  });

  it('from the bot itself is left alone', async () => {
    expect(await see({ ...complete, uploaderId: 'U0' })).toBe(0);
    expect(await see(complete, { ...share, userId: 'U0' })).toBe(0);
    expect(await fileById(catalog, ref)).toBeUndefined();
  });
});

describe('the back-off', () => {
  it('doubles from a second to ten minutes, spread by a quarter', () => {
    const middle = () => 0.5;
    expect([1, 2, 3, 10, 11, 50].map((attempts) => backOff(attempts, middle))).toEqual([
      1_000, 2_000, 4_000, 512_000, 600_000, 600_000,
    ]);
    expect(backOff(3, () => 0)).toBe(3_000);
    expect(backOff(3, () => 1)).toBe(5_000);
  });
});

describe('what Slack makes or refuses', () => {
  it('an e-mail of which only its id was told brings what was attached to it', async () => {
    await see({ ...stub, mode: null, filetype: null });
    const attached = { ...complete, fileId: 'F1-0A1B2C3D', parentId: 'F1', name: 'contract.pdf' };
    const mail = {
      ...complete,
      mode: 'email',
      filetype: 'email',
      size: null,
      facts: { attachmentsMissing: 1 },
    };
    options.fileInfo = async () => ({ file: mail, shares: [share], attachments: [{ file: attached }] });
    now += 10_000;
    expect(await attempt()).toBe('stored');
    expect((await row()).facts).toEqual({ attachmentsMissing: 1 });
    const part = await fileById(catalog, { teamId: 'T1', fileId: attached.fileId });
    expect(part).toMatchObject({ state: 'pending', parentId: 'F1', messageTs: '1.2', channelId: 'C1' });
    options.fileInfo = failing({ code: 'unexpected_answer' }) as never;
    expect(await attempt()).toBe('stored');
    expect(copied.map(({ fileId }) => fileId)).toEqual(['F1', attached.fileId]);
  });

  it('a list is asked for its rows also without an address, and is settled when there are none', async () => {
    const list = { ...complete, mode: 'list', filetype: 'list', url: null, size: null, complete: false };
    await see(list);
    options.fileInfo = async (): Promise<FileInfo> => ({ file: list, shares: [share] });
    options.copy = failing({ code: 'no_content', permanent: true });
    now += 10_000;
    expect(await attempt()).toBe('skipped');
    expect(await row()).toMatchObject({ state: 'skipped', reason: 'no_content', errorCode: null });
  });

  it('the transcript of a huddle is neither fetched nor asked about', async () => {
    await see({ ...complete, mode: 'huddle_transcript', filetype: 'huddle_transcript' });
    expect(await attempt()).toBe('skipped');
    expect(copied).toEqual([]);
    expect(await row()).toMatchObject({ reason: 'access_denied', errorCode: 'refused_to_bots' });
  });

  it('the transcript of a huddle is not asked for again because its id is seen, nor by a new round', async () => {
    const transcript = { ...complete, mode: 'huddle_transcript', filetype: 'huddle_transcript' };
    const sighting = { file: transcript, share, skip: 'access_denied' as const };
    await receive(catalog, { teamId: 'T1', botUserId: 'U0', policy, now }, [sighting]);
    const settled = { state: 'skipped', reason: 'access_denied', errorCode: 'refused_to_bots' };
    expect(await row()).toMatchObject(settled);
    await see(stub, { ...share, ts: '9.1' });
    await see(transcript);
    expect(await bringBack(catalog, { teamId: 'T1', channelId: 'C1', all: true, now })).toBe(0);
    expect(await row()).toMatchObject(settled);
    expect(await newsAmong(catalog, { teamId: 'T1', channelId: 'C1' }, [sighting])).toEqual([]);
  });

  it('an e-mail that names fewer attachments than it counts is asked about', async () => {
    const mail = { ...complete, mode: 'email', filetype: 'email', size: null };
    await see({ ...mail, facts: { attachmentsMissing: 1 } });
    const attached = { ...complete, fileId: 'F1-0A1B2C3D', parentId: 'F1' };
    const whole = { ...mail, facts: { attachmentsMissing: 0 } };
    options.fileInfo = async (): Promise<FileInfo> => ({
      ...{ file: whole, shares: [share], attachments: [{ file: attached }] },
    });
    expect(await attempt()).toBe('stored');
    expect((await row()).facts.attachmentsMissing).toBe(0);
    expect(await attempt()).toBe('stored');
    expect(copied.map(({ fileId }) => fileId)).toEqual(['F1', attached.fileId]);
  });

  it('what Slack refuses to bots is settled at once, and not asked for because it is seen again', async () => {
    await see(complete);
    options.copy = failing({ code: 'refused_to_bots', permanent: true });
    expect(await attempt()).toBe('skipped');
    expect(await row()).toMatchObject({
      state: 'skipped',
      reason: 'access_denied',
      errorCode: 'refused_to_bots',
    });
    await see(complete);
    expect((await row()).state).toBe('skipped');
  });
});
