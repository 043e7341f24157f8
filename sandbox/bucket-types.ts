import type { FirstSteps } from './first-steps-types.ts';
import type { Trouble } from './trouble-types.ts';

/** What `GET /sandbox/bucket` answers: the bucket as it is on disk, how the bot is doing, what is broken, what was tried. */
export interface BucketAnswer {
  bucket: string;
  endpoint: string;
  /** In key order. */
  objects: BucketObject[];
  totalBytes: number;
  bot: BotState;
  trouble: Trouble;
  steps: FirstSteps;
}

export interface BucketObject {
  key: string;
  bytes: number;
  /** Without the quotes. */
  etag: string;
  /** Base64, as S3 writes it. */
  crc32: string;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  /** Null in a bucket without versions. */
  versionId: string | null;
}

export interface BotState {
  phase: 'running' | 'restarting' | 'stopping' | 'stopped' | 'misconfigured';
  /** Null while no process runs. */
  pid: number | null;
  /** How often it was started again since the sandbox began. */
  restarts: number;
  /** How it ended last: an exit code or a signal, in words. */
  lastEnd: string | null;
}
