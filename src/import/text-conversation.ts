import type { Archive, ArchiveEntry } from './archive.ts';
import { linesOf } from './entry-chunks.ts';
import { ImportError } from './errors.ts';
import type { KnownNames } from './known-names.ts';
import { type Conversation, nowhere } from './source.ts';

/**
 * A conversation in an export of one person as TXT. Its form was taken from what public importers of such exports read:
 *
 *     Channel Name: #general                            Private conversation between anna, ben
 *     Channel ID: C0123ABCD                             Channel ID: D0123ABCD
 *     Created: 2023-01-02 10:00:00 UTC by anna          Created: 2023-01-02 10:00:00 UTC
 *     Type: Channel                                     Type: Direct Message
 *
 *     [2023-05-01 09:30:00 UTC] anna shared file(s) F0123ABCD with text: here it is
 *     [2023-05-01 09:30:00 UTC] <anna> shared a file: offer.pdf
 */
const FIELD = /^(Channel Name|Channel ID|Created|Type): (.*)$/;
const BETWEEN = /^Private conversation between (.*)$/;
/** Not where blanks stand before it: that is a later line of somebody's message, who may write there what they like. */
const MESSAGE = /^\[(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC\] (.*)$/;
/** An indented line, an empty one, and what stands between days. */
const BETWEEN_MESSAGES = /^(?:\s|$|[-#=]{2,})/;
const SHARED = /^(?:<([^>]+)>|(\S+)) shared (?:file\(s\)|files?:?|a file:) ?(.*)$/;
const FILE_IDS = /^((?:F[A-Z0-9]{6,30}[,\s]*)+)(?: ?with text:|$)/;

/** A file that a message in a text shows. */
export interface TextShare {
  at: number;
  /** The user name of who shared it. */
  person: string;
  /** Its id, or only its name. */
  file: { id: string } | { name: string };
}

/** Each file that was shared in a conversation, with its description. */
export async function* sharesInText(
  archive: Archive,
  entry: ArchiveEntry,
  names: KnownNames,
): AsyncGenerator<{ share: TextShare; conversation: Conversation }> {
  const head: Record<string, string> = Object.create(null);
  let conversation: Conversation | undefined;
  for await (const line of linesOf(archive, entry)) {
    const [, day, time, text = ''] = MESSAGE.exec(line) ?? [];
    if (day === undefined) {
      if (conversation === undefined) readHead(line, head);
      continue;
    }
    conversation ??= await conversationOf(head, entry, names);
    const at = Date.parse(`${day}T${time}Z`);
    const [, bracketed, plain, what = ''] = SHARED.exec(text) ?? [];
    const person = bracketed ?? plain;
    if (person === undefined || Number.isNaN(at)) continue;
    const ids = FILE_IDS.exec(what)?.[1]?.match(/F[A-Z0-9]+/g);
    for (const file of ids?.map((id) => ({ id })) ?? [{ name: what.trim() }])
      yield { share: { at, person, file }, conversation };
  }
}

/** The first line of each kind counts. */
function readHead(line: string, head: Record<string, string>): void {
  const [, name, value] = FIELD.exec(line) ?? [];
  if (name !== undefined) head[name] ??= (value as string).trim();
  const between = BETWEEN.exec(line)?.[1];
  if (between !== undefined) head.between ??= between;
}

/** What a text says of itself. */
export interface TextForm {
  /** The user names in the head of a direct message; none for everything else. */
  people: string[];
  /** Later lines of messages are not indented: so any line may be one, whoever it seems to be from. */
  isOpen: boolean;
}

/** Reads a text for its form, as far as it can be read. */
export async function formOf(archive: Archive, entry: ArchiveEntry): Promise<TextForm> {
  const head: Record<string, string> = Object.create(null);
  let [isInHead, isOpen] = [true, false];
  try {
    for await (const line of linesOf(archive, entry)) {
      if (MESSAGE.test(line)) isInHead = false;
      else if (isInHead) readHead(line, head);
      else isOpen ||= !BETWEEN_MESSAGES.test(line);
      if (isOpen) break;
    }
  } catch (error) {
    // It is told when its files are read.
    if (!(error instanceof ImportError)) throw error;
  }
  const people = head.between === undefined ? [] : head.between.split(', ').map((name) => name.trim());
  return { people, isOpen };
}

/** What it does not say counts as private. A direct message's people are named by their user names. */
async function conversationOf(
  head: Record<string, string>,
  entry: ArchiveEntry,
  { personNamed }: KnownNames,
): Promise<Conversation> {
  const name = head['Channel Name']?.replace(/^#/, '') ?? null;
  const id = head['Channel ID'] ?? '';
  if (!/^[CGD][A-Z0-9]{7,}$/.test(id)) return nowhere(name ?? entry.path);
  const isIm = id.startsWith('D');
  const people: string[] = [];
  for (const one of isIm ? (head.between ?? '').split(', ').slice(0, 2) : []) {
    const person = await personNamed(one);
    if (person !== null) people.push(person);
  }
  const kind = isIm ? 'im' : head.Type === 'Multi-Party Direct Message' ? 'mpim' : 'private';
  return { channelId: id, kind, name: isIm ? null : name, isArchived: false, createdAt: null, people };
}
