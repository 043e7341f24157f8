import { createHash } from 'node:crypto';
import type { NewUpload } from '../../sandbox/slack/client.ts';
import type { SandboxSlack } from '../../sandbox/slack/server.ts';

/** What must be true of a file at the end. */
export type Fate = 'stored' | 'trashed' | 'purged' | 'skipped';

/** A file as it was shared, written down by the one who shared it. */
export interface Shared {
  fileId: string;
  name: string | null;
  bytes: number;
  /** Hex. */
  sha256: string;
  channel: string;
  /** The thread in which its confirmation belongs. */
  thread: string;
  /** Its possible states; several where a kill may have come before or after a command. */
  fates: ReadonlySet<Fate>;
  /** Messages that show it, too. It is told under one of them: where the vault heard of it first. */
  also?: Array<Pick<Shared, 'channel' | 'thread'>>;
  /** Kept without a word, like files from before the vault. */
  quiet?: true;
  /** For a file that people edited: the SHA-256 of each content it ever had, the newest last. */
  edits?: string[];
}

export interface File extends Omit<NewUpload, 'content'> {
  content: Buffer;
}

/** What people did, to compare with what the vault has. */
export interface Ledger {
  readonly files: Shared[];
  /** Shares files in one message and writes them down. */
  share(
    person: string,
    channel: string,
    files: File[],
    options?: { thread?: string; fate?: Fate; text?: string },
  ): Promise<Shared[]>;
  /** Writes down a file that was shared in another way. */
  addShared(file: File & { fileId: string }, channel: string, thread: string): void;
  /** Writes down that another message, which shows nothing else, shows it, too. */
  alsoIn(fileId: string, channel: string, thread: string): void;
  /** Writes down that a file now has other bytes. */
  edited(fileId: string, content: Buffer): void;
  /** Changes the possible states of a file. */
  expect(fileId: string, fates: Iterable<Fate>): void;
  /** Says that nobody is told that the file is kept. */
  quiet(fileId: string): void;
}

export function createLedger(slack: SandboxSlack): Ledger {
  const files: Shared[] = [];
  return {
    files,
    async share(person, channel, shared, { thread, fate = 'stored', text } = {}) {
      const contents = shared.map(({ content, ...file }) => ({ ...file, content: inPieces(content) }));
      const options = { ...(thread && { thread_ts: thread }), ...(text && { text }) };
      const { ts, files: ids } = await slack.as(person).share(channel, contents, options);
      const added = shared.map((file, index) =>
        record(file, ids[index] as string, channel, thread ?? ts, fate),
      );
      files.push(...added);
      return added;
    },
    addShared: (file, channel, thread) =>
      void files.push(record(file, file.fileId, channel, thread, 'stored')),
    alsoIn(fileId, channel, thread) {
      const found = files.find((file) => file.fileId === fileId);
      if (found) found.also = [...(found.also ?? []), { channel, thread }];
    },
    edited(fileId, content) {
      const found = files.find((file) => file.fileId === fileId);
      if (!found) throw new Error(`${fileId} was never shared`);
      const now = sha256(content);
      Object.assign(found, {
        bytes: content.length,
        sha256: now,
        edits: [...(found.edits ?? [found.sha256]), now],
      });
    },
    expect(fileId, fates) {
      const found = files.find((file) => file.fileId === fileId);
      if (found) found.fates = new Set(fates);
    },
    quiet(fileId) {
      const found = files.find((file) => file.fileId === fileId);
      if (found) found.quiet = true;
    },
  };
}

function record(
  { name, content }: File,
  fileId: string,
  channel: string,
  thread: string,
  fate: Fate,
): Shared {
  const bytes = content.length;
  return { fileId, name, bytes, sha256: sha256(content), channel, thread, fates: new Set([fate]) };
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function* inPieces(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
}
