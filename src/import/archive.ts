import type { Readable } from 'node:stream';

/** A file inside an archive: a zip, or a folder on the disk. */
export interface ArchiveEntry {
  /** Its path inside the archive, with `/` between the parts and none at the beginning. */
  path: string;
  /** Its size when unpacked, as the archive says. */
  bytes: number;
  /** When it was written there (ms); null if the archive does not say. */
  writtenAt: number | null;
  /** Where its bytes are, for {@link Archive.open}. Only the archive itself reads it. */
  place: string;
}

/** What is wrong with one thing in an archive. The rest is imported all the same. */
export interface ArchiveProblem {
  /** The path, as far as it can be told. */
  path: string;
  code: ProblemCode;
}

export type ProblemCode =
  | 'unsafe_name' // leads out of the archive, or is no name
  | 'link' // a symbolic link: it may lead anywhere
  | 'encrypted'
  | 'unknown_compression'
  | 'too_compressed' // unpacks to far more than honest files do
  | 'too_large' // a list of messages that is larger than any real one
  | 'damaged' // its bytes are not those that were packed
  | 'unreadable' // the disk or the rights of the folder say no
  | 'no_json' // not the JSON that it should be
  | 'bad_table' // a line of a table of files without what it needs
  | 'other_workspace' // of an organisation's export: not the vault's own
  | 'foreign_address' // a file's address is not Slack's, or leads to another file
  | 'unknown_person' // a table names somebody whom Slack does not know by this name
  | 'unknown_channel' // a table names a channel that the vault does not know
  | 'open_text' // of one person's export: any line of it may be one that somebody wrote in a message
  | 'same_id' // names of different files have the same id in them
  | 'cut_off'; // the archive ends before its end

/** Something with files in it that can be read one by one, in any order, without unpacking the rest. */
export interface Archive {
  /** The file's or folder's name, without the folders above it. */
  name: string;
  /** All files, as the archive lists them. What cannot be used is told to `onProblem` and left out. */
  entries(onProblem: (problem: ArchiveProblem) => void): AsyncGenerator<ArchiveEntry>;
  /**
   * The bytes of one file, from its beginning. The stream ends with an error if they are not those that were packed
   * (a wrong length, a wrong checksum). Throws `ImportError` when the file cannot be opened.
   */
  open(entry: Pick<ArchiveEntry, 'path' | 'place' | 'bytes'>): Promise<Readable>;
  /** Whether a file is still as it was listed: nobody writes to it meanwhile. */
  isAsListed(entry: Pick<ArchiveEntry, 'place' | 'bytes' | 'writtenAt'>): Promise<boolean>;
  /** The same file as it is now. */
  again(entry: ArchiveEntry): Promise<ArchiveEntry>;
  close(): Promise<void>;
}

/**
 * DEFLATE packs at most about 1,032 bytes into one (zlib.net/zlib_tech.html, "Maximum Compression Factor"). Files that
 * people share never come near it. So what claims more than this is not unpacked.
 */
const MOST_COMPRESSED = 1_100;

/** Whether so many packed bytes would become far more than honest files do: a zip bomb. */
export function isTooCompressed(packed: number, bytes: number): boolean {
  return bytes > MOST_COMPRESSED * Math.max(1, packed);
}

/** The path in the form of {@link ArchiveEntry.path}; null if it leads out of the archive or is no path at all. */
export function safePath(told: string): string | null {
  const path = told.replaceAll('\\', '/').normalize('NFC');
  if (path === '' || path.includes('\0') || path.startsWith('/') || /^[a-z]:/i.test(path)) return null;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? null : parts.join('/');
}
