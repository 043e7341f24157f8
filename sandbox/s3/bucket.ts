import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Algorithm } from './checksums.ts';
import { type DataFiles, dataFiles, removeFile, replaceJson, UNFINISHED } from './disk.ts';
import { S3Error } from './errors.ts';
import { type SortedKeys, sortedKeys } from './keys.ts';
import { type DefaultRetention, isLocked, type Lock, locked } from './lock.ts';
import type { Properties } from './properties.ts';
import { queueByName } from './queue.ts';
import { openUploads, type Uploads } from './uploads.ts';

export type Versioning = 'Enabled' | 'Suspended';

export interface StoredChecksum {
  algorithm: Algorithm;
  /** Base64; for `COMPOSITE` followed by `-` and the number of parts. */
  value: string;
  type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** What the client said about an object. */
export interface Description extends Properties {
  /** Content-Type and similar headers, lower-case names. */
  headers: Record<string, string>;
  /** User metadata, names without `x-amz-meta-`. */
  metadata: Record<string, string>;
}

/** One version of an object, or a delete marker. */
export interface Version extends Description, Lock {
  /** `null` (the word) for objects written without versioning. */
  id: string;
  deleteMarker: boolean;
  lastModified: number;
  size: number;
  /** Without quotes. */
  etag: string;
  /** Base64 of the whole object's CRC-32, computed here whatever the client sent. */
  crc32: string;
  checksum: StoredChecksum | null;
  /** The data file; empty for a delete marker. */
  file: string;
}

export type NewVersion = Omit<Version, 'id' | 'deleteMarker' | 'lastModified'>;

interface KeyRecord {
  key: string;
  /** Newest first, never empty. */
  versions: Version[];
}

/**
 * One bucket on disk. All versions of a key are in one record file, named by the key's hash; replacing or
 * removing that file is the only moment at which the key changes.
 */
export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
  versioning(): Versioning | null;
  /** @throws S3Error `InvalidBucketState` for suspending it under Object Lock. */
  setVersioning(state: Versioning): Promise<void>;
  /** Whether versions can be locked; once on, always on, and versions are kept. */
  objectLock(): boolean;
  /** Also sets, or with null removes, what new versions get. */
  enableObjectLock(rule: DefaultRetention | null): Promise<void>;
  /** Null unless new versions are locked for a while. */
  defaultRetention(): DefaultRetention | null;
  /** Changes what is said about a version. The bytes stay. */
  amend(key: string, id: string, change: Amendment): Promise<void>;
  readonly keys: SortedKeys;
  readonly data: DataFiles;
  readonly uploads: Uploads;
  /** All versions, newest first; empty for an unknown key. */
  versions(key: string): readonly Version[];
  /** The newest version unless it is a delete marker. */
  current(key: string): Version | null;
  /**
   * Adds a version. `allow` sees the state that will be replaced and may throw; then the data file is
   * dropped, or, with `keepsRefused`, becomes a version below the newest.
   */
  put(
    key: string,
    version: NewVersion,
    allow: (current: Version | null) => void,
    keepsRefused?: boolean,
  ): Promise<Version>;
  /**
   * Removes one version for good, or (without id) the object as versioning wants. Returns what was removed or added.
   * @throws S3Error `AccessDenied` for a version that is locked, and what `allow` throws.
   */
  remove(key: string, removal?: Removal): Promise<Version | null>;
}

/** What can be changed about a version. */
export type Amendment = Pick<Partial<Version>, 'tags' | 'storageClass'> & {
  legalHold?: Lock['legalHold'];
  retention?: Lock['retention'] | undefined;
};

export interface Removal {
  id?: string | undefined;
  /** Go around a retention in GOVERNANCE mode. */
  bypass?: boolean;
  /** Sees what is there and may throw. */
  allow?: (versions: readonly Version[]) => void;
}

/** Makes the folders of a bucket; it exists once this returns. */
export async function createBucketFolder(folder: string, createdAt: number): Promise<void> {
  for (const name of ['objects', 'data', 'uploads']) await mkdir(join(folder, name), { recursive: true });
  await replaceJson(join(folder, 'bucket.json'), { createdAt, versioning: null });
}

async function readRecords(folder: string): Promise<Map<string, KeyRecord>> {
  const records = new Map<string, KeyRecord>();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith(UNFINISHED)) {
      await rm(path);
      continue;
    }
    const record: KeyRecord = JSON.parse(await readFile(path, 'utf8'));
    records.set(record.key, record);
  }
  return records;
}

/** Opens a bucket and removes what a kill left behind. */
export async function openBucket(name: string, folder: string): Promise<Bucket> {
  const settings: {
    createdAt: number;
    versioning: Versioning | null;
    objectLock?: boolean;
    retention?: DefaultRetention | null;
  } = JSON.parse(await readFile(join(folder, 'bucket.json'), 'utf8'));
  const records = await readRecords(join(folder, 'objects'));
  const data = dataFiles(join(folder, 'data'));
  const uploads = await openUploads(join(folder, 'uploads'), data);
  const named = new Set(uploads.files());
  for (const record of records.values()) for (const version of record.versions) named.add(version.file);
  await data.drop((await readdir(join(folder, 'data'))).filter((file) => !named.has(file)));

  const keys = sortedKeys(records.keys());
  const inTurn = queueByName();
  const recordPath = (key: string): string =>
    join(folder, 'objects', `${createHash('sha256').update(key).digest('hex')}.json`);
  const versions = (key: string): readonly Version[] => records.get(key)?.versions ?? [];
  const current = (key: string): Version | null => {
    const [newest] = versions(key);
    return newest && !newest.deleteMarker ? newest : null;
  };

  /** Switches the key over to `next`, then drops the data files that no version names any more. */
  async function store(key: string, next: Version[]): Promise<void> {
    const kept = new Set(next.map((version) => version.file));
    const gone = versions(key).filter((version) => version.file !== '' && !kept.has(version.file));
    if (next.length === 0) {
      await removeFile(recordPath(key));
      records.delete(key);
      keys.remove(key);
    } else {
      await replaceJson(recordPath(key), { key, versions: next } satisfies KeyRecord);
      records.set(key, { key, versions: next });
      keys.add(key);
    }
    await data.drop(gone.map((version) => version.file));
  }

  async function change(to: Partial<typeof settings>): Promise<void> {
    await replaceJson(join(folder, 'bucket.json'), { ...settings, ...to });
    Object.assign(settings, to);
  }

  /** The new version on top; without versioning it replaces the one called `null`. */
  async function addOnTop(key: string, version: NewVersion & { deleteMarker: boolean }): Promise<Version> {
    const id = settings.versioning === 'Enabled' ? randomBytes(16).toString('base64url') : 'null';
    const added: Version = { ...version, id, lastModified: Date.now() };
    await store(key, [added, ...versions(key).filter((other) => other.id !== id)]);
    return added;
  }

  /** For stores that keep what they refused: there, but not the newest. */
  async function addBelow(key: string, version: NewVersion): Promise<void> {
    const [newest, ...older] = versions(key);
    const id = randomBytes(16).toString('base64url');
    const added = { ...version, id, deleteMarker: false, lastModified: Date.now() };
    await store(key, newest ? [newest, added, ...older] : [added]);
  }

  return {
    name,
    createdAt: settings.createdAt,
    keys,
    data,
    uploads,
    versions,
    current,
    versioning: () => settings.versioning,
    async setVersioning(state) {
      if (settings.objectLock && state !== 'Enabled') {
        throw new S3Error(
          'InvalidBucketState',
          'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
        );
      }
      await change({ versioning: state });
    },
    objectLock: () => settings.objectLock === true,
    enableObjectLock: (rule) => change({ versioning: 'Enabled', objectLock: true, retention: rule }),
    defaultRetention: () => settings.retention ?? null,
    amend: (key, id, about) =>
      inTurn(key, () =>
        store(
          key,
          versions(key).map((version) =>
            version.id === id ? ({ ...version, ...about } as Version) : version,
          ),
        ),
      ),
    put: (key, version, allow, keepsRefused = false) =>
      inTurn(key, async () => {
        try {
          allow(current(key));
        } catch (error) {
          if (keepsRefused) await addBelow(key, version);
          else await data.drop([version.file]);
          throw error;
        }
        return addOnTop(key, { ...version, deleteMarker: false });
      }),
    remove: (key, { id, bypass = false, allow } = {}) =>
      inTurn(key, async () => {
        const all = versions(key);
        allow?.(all);
        if (id !== undefined) {
          const found = all.find((version) => version.id === id);
          if (found && isLocked(found, bypass)) throw locked();
          if (found)
            await store(
              key,
              all.filter((version) => version !== found),
            );
          return found ?? null;
        }
        if (settings.versioning) return addOnTop(key, DELETE_MARKER);
        if (all.length > 0) await store(key, []);
        return null;
      }),
  };
}

const DELETE_MARKER: NewVersion & { deleteMarker: true } = {
  deleteMarker: true,
  size: 0,
  etag: '',
  crc32: '',
  checksum: null,
  file: '',
  headers: {},
  metadata: {},
};
