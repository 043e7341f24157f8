/** One way to bring files from the host to the bucket, as it runs in a process of its own. */
export interface Side {
  /** Copies all of the files, so many at a time. Nothing is under their keys yet. */
  copyAll(files: readonly CopiedFile[], atOnce: number): Promise<void>;
}

export interface CopiedFile {
  /** Where its bytes are. */
  url: string;
  bytes: number;
  /** Its key in the bucket, and its id: a letter and digits. */
  key: string;
}

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

/** A side that knows only how to copy one file. */
export function oneByOne(copy: (file: CopiedFile) => Promise<void>): Side {
  return {
    async copyAll(files, atOnce) {
      const waiting = [...files];
      const work = async () => {
        for (let file = waiting.shift(); file; file = waiting.shift()) await copy(file);
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    },
  };
}
