import type { Share, SharedFile, StoredObject } from '../../src/catalog/model.ts';
import type { FoundFile } from '../../src/catalog/shares.ts';

export const TEAM = 'T1';

/** A moment for tests to count from. */
export const T0 = Date.UTC(2026, 10, 23, 12, 10);

export function sampleFile(fileId: string, overrides: Partial<SharedFile> = {}): SharedFile {
  return {
    teamId: TEAM,
    fileId,
    name: `${fileId}.pdf`,
    title: `Title of ${fileId}`,
    mimetype: 'application/pdf',
    filetype: 'pdf',
    mode: 'hosted',
    size: 1000,
    uploaderId: 'U1',
    createdAt: T0,
    url: `https://files.slack.com/${fileId}`,
    externalUrl: null,
    permalink: `https://example.slack.com/files/${fileId}`,
    complete: true,
    ...overrides,
  };
}

/** What `file_shared` and files of Slack Connect give: an id and nothing else. */
export function sampleStub(fileId: string, overrides: Partial<SharedFile> = {}): SharedFile {
  const nothing = { name: null, title: null, mimetype: null, filetype: null, mode: null, size: null };
  const unknown = { uploaderId: null, createdAt: null, url: null, permalink: null, complete: false };
  return sampleFile(fileId, { ...nothing, ...unknown, ...overrides });
}

export function sampleShare(channelId: string, at: number, overrides: Partial<Share> = {}): Share {
  const ts = (at / 1000).toFixed(6);
  return { channelId, channelKind: 'public', ts, threadTs: null, userId: 'U1', sharedAt: at, ...overrides };
}

export function found(
  fileId: string,
  channelId: string,
  at: number,
  overrides: Partial<SharedFile> = {},
): FoundFile {
  return { file: sampleFile(fileId, overrides), share: sampleShare(channelId, at) };
}

export function sampleObject(fileId: string, bytes = 1000): StoredObject {
  return {
    key: `vault/${fileId}`,
    bytes,
    sha256: 'a'.repeat(64),
    crc32: 'AAAAAA==',
    etag: '"e"',
    versionId: null,
    proof: 'crc32',
  };
}
