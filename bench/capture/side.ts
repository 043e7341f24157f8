/** One way to bring a file from the host to the bucket, as it runs in a process of its own. */
export interface Side {
  /** Copies one file; its bytes are at `url`, and nothing is under its key yet. */
  copy(file: { url: string; bytes: number; key: string }): Promise<void>;
  /** What is done once for a batch of files before they are copied, and belongs to the work. */
  prepare?(files: readonly CopiedFile[]): Promise<void>;
}

export type CopiedFile = Parameters<Side['copy']>[0];

/** Where the sides find the bucket. */
export interface Place {
  endpoint: string;
  bucket: string;
}

/** What the parent asks of a side's process: to copy these files, so many at a time. */
export interface Batch {
  files: CopiedFile[];
  atOnce: number;
}

/** What a batch took. */
export interface Took {
  cpuMs: number;
  wallMs: number;
  /** When the batch began, in ns of the machine's steady clock. */
  beganAt: string;
}
