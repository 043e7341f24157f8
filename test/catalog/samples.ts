import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored } from '../../src/catalog/files/capture.ts';
import type { NewSighting } from '../../src/catalog/files/new-sighting.ts';
import type {
  ConfirmMode,
  FileFacts,
  ListCursor,
  ListFilter,
  Share,
  SharedFile,
  StoredObject,
} from '../../src/catalog/model.ts';
import { type FindOptions, type FoundPage, findFiles } from '../../src/catalog/search/find.ts';

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

/** What `file_shared` and files of Slack Connect give: only an id. */
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
): NewSighting {
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

/** Takes a recorded file to `stored`, as the bot would. */
export async function storeFile(
  catalog: Catalog,
  fileId: string,
  o: { bytes?: number; type?: string; confirm?: ConfirmMode; facts?: FileFacts; now?: number } = {},
): Promise<void> {
  const now = o.now ?? T0;
  const claim = { owner: 'store', limit: 1_000, leaseMs: 0, now: Number.MAX_SAFE_INTEGER };
  await claimDueFiles(catalog, claim);
  const ref = { teamId: TEAM, fileId };
  const object = { ...sampleObject(fileId, o.bytes), type: o.type, ...(o.facts && { facts: o.facts }) };
  const stored = await commitStored(catalog, {
    ref,
    owner: 'store',
    object,
    confirm: o.confirm ?? 'off',
    now,
  });
  if (!stored) throw new Error(`${fileId} could not be stored`);
}

/** A page of one channel's files, as `/vault list` shows it to those who see the channel. */
export function listChannel(
  catalog: Catalog,
  o: {
    teamId: string;
    channelId: string;
    filter: ListFilter;
    cursor?: ListCursor | undefined;
    limit: number;
    only?: FindOptions['only'];
  },
): Promise<FoundPage> {
  const { teamId, channelId, cursor, only, ...rest } = o;
  const viewer = { teamId, channelIds: [channelId] };
  return findFiles(catalog, {
    ...rest,
    viewer,
    ...(cursor ? { cursor } : {}),
    ...(only ? { only } : {}),
  });
}
