import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Description } from './bucket.ts';
import type { Answer } from './call.ts';
import type { Algorithm } from './checksums.ts';
import { type DataFiles, removeFile, replaceJson, UNFINISHED } from './disk.ts';
import type { Lock } from './lock.ts';
import { queueByName } from './queue.ts';

export interface Part {
  number: number;
  size: number;
  /** Hex MD5, the part's ETag without quotes. */
  etag: string;
  crc32: string;
  /** The value in the upload's algorithm, when it has one. */
  checksum: string | null;
  lastModified: number;
  file: string;
}

/** What was fixed when the upload was created. */
export interface UploadPlan extends Description {
  key: string;
  /** What the client asked for; the bucket's default comes when the object does. */
  lock: Lock;
  algorithm: Algorithm | null;
  checksumType: 'FULL_OBJECT' | 'COMPOSITE' | null;
}

export interface Upload extends UploadPlan {
  id: string;
  initiated: number;
  parts: Map<number, Part>;
}

/**
 * The multipart uploads of one bucket that are neither completed nor aborted. Parts are not in listings of
 * objects.
 */
export interface Uploads {
  create(plan: UploadPlan): Promise<Upload>;
  get(id: string): Upload | null;
  all(): Upload[];
  /** Adds or replaces a part; false (and the data dropped) when the upload has ended meanwhile. */
  addPart(id: string, part: Part): Promise<boolean>;
  /** Ends the upload and drops its parts. `completed` is kept for a while, for a client that asks again. */
  end(id: string, completed?: Completed): Promise<void>;
  /** Runs completions of one upload one after the other: a client may ask again before it has the first answer. */
  inTurn<T>(id: string, complete: () => Promise<T>): Promise<T>;
  /** How that upload was completed, if it was, and not long ago. */
  completed(id: string): Completed | null;
  /** Every data file that a part names. */
  files(): string[];
}

/** A finished upload: S3 gives the same answer again to the same request. */
export interface Completed {
  key: string;
  /** What the request said about the parts. */
  parts: string;
  answer: Answer;
}

/** So many completed uploads are remembered, until the server ends. */
const REMEMBERED = 1000;

async function readUpload(folder: string, id: string): Promise<Upload | null> {
  const parts = new Map<number, Part>();
  let plan: (UploadPlan & { initiated: number }) | null = null;
  for (const name of await readdir(folder)) {
    if (name.endsWith(UNFINISHED)) continue;
    const value = JSON.parse(await readFile(join(folder, name), 'utf8'));
    if (name === 'upload.json') plan = value;
    else parts.set(value.number, value);
  }
  return plan && { ...plan, id, parts };
}

/**
 * Opens the uploads under `folder`. An upload exists as long as its `upload.json`; anything else is
 * removed.
 */
export async function openUploads(folder: string, data: DataFiles): Promise<Uploads> {
  const uploads = new Map<string, Upload>();
  for (const id of await readdir(folder)) {
    const upload = await readUpload(join(folder, id), id);
    if (upload) uploads.set(id, upload);
    else await rm(join(folder, id), { recursive: true });
  }
  const finished = new Map<string, Completed>();
  const inTurn = queueByName();
  const completions = queueByName();
  const filesOf = (upload: Upload): string[] => [...upload.parts.values()].map((part) => part.file);

  return {
    get: (id) => uploads.get(id) ?? null,
    inTurn: completions,
    all: () => [...uploads.values()],
    completed: (id) => finished.get(id) ?? null,
    files: () => [...uploads.values()].flatMap(filesOf),
    async create(plan) {
      const id = randomBytes(24).toString('base64url');
      const initiated = Date.now();
      await mkdir(join(folder, id));
      await replaceJson(join(folder, id, 'upload.json'), { ...plan, initiated });
      const upload: Upload = { ...plan, id, initiated, parts: new Map() };
      uploads.set(id, upload);
      return upload;
    },
    addPart: (id, part) =>
      inTurn(id, async () => {
        const upload = uploads.get(id);
        if (!upload) {
          await data.drop([part.file]);
          return false;
        }
        await replaceJson(join(folder, id, `${part.number}.json`), part);
        const before = upload.parts.get(part.number);
        upload.parts.set(part.number, part);
        if (before) await data.drop([before.file]);
        return true;
      }),
    end: (id, completed) =>
      inTurn(id, async () => {
        const upload = uploads.get(id);
        if (!upload) return;
        uploads.delete(id);
        if (completed) finished.set(id, completed);
        for (const oldest of finished.keys()) if (finished.size > REMEMBERED) finished.delete(oldest);
        await removeFile(join(folder, id, 'upload.json'));
        await rm(join(folder, id), { recursive: true });
        await data.drop(filesOf(upload));
      }),
  };
}
