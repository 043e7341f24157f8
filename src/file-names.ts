import { extension, lookup } from 'mime-types';
import { type Described, isMade, isTranscode, kindOf } from './file-kinds.ts';
import { decodeSlackText } from './text/slack-text.ts';

/** What a name is made of. */
export interface Named extends Described {
  fileId: string;
  name: string | null;
  title: string | null;
  mimetype?: string | null;
  storedType?: string | null;
}

/** What follows the last dot of a name, in lower case: an ending has letters or digits, and at least one letter. */
const ENDING = /\.(?=[a-z0-9]*[a-z])([a-z0-9]{1,10})$/i;

/** Endings that `mime-types` lacks or lists behind a rarer one. */
const PREFERRED: Record<string, string> = {
  'text/plain': 'txt',
  'text/markdown': 'md',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'video/quicktime': 'mov',
  'image/jpeg': 'jpg',
};

/** Slack's file types of snippets whose word is no ending. Source: docs.slack.dev/reference/objects/file-object, "types". */
const SNIPPETS: Record<string, string> = {
  ...{
    text: 'txt',
    markdown: 'md',
    javascript: 'js',
    typescript: 'ts',
    python: 'py',
    ruby: 'rb',
    shell: 'sh',
  },
  ...{ csharp: 'cs', kotlin: 'kt', rust: 'rs', perl: 'pl', powershell: 'ps1', latex: 'tex', yaml: 'yaml' },
  ...{ haskell: 'hs', erlang: 'erl', matlab: 'm', objc: 'm', fsharp: 'fs', coffeescript: 'coffee' },
  ...{ clojure: 'clj', dockerfile: 'txt', plain_text: 'txt', auto: 'txt', binary: 'txt' },
};

/**
 * The name and title by which people know a file, from what Slack says. What Slack renders has a name that nobody sees
 * (`-`, `Untitled`, `weekly_sync`, from the day when it was made): its title is the name, decoded. A snippet without a
 * name is called by its title, or is a "Snippet" with the ending of its language.
 */
export function recognised(
  said: { name: string | null; title: string | null },
  file: Described,
): { name: string | null; title: string | null } {
  const kind = kindOf(file);
  if (kind === 'snippet') return { ...said, name: snippetName(said, file.filetype ?? null) };
  if (kind === 'file') return said;
  const title = said.title === null ? null : decodeSlackText(said.title);
  const name = said.name === null ? null : decodeSlackText(said.name);
  const telling = [title, name].find(isTelling);
  return { name: telling ?? (title === null && name === null ? null : 'Untitled'), title: title ?? name };
}

/** What people typed as its name stays as it is; a title is text, as Slack encodes it. */
function snippetName(said: { name: string | null; title: string | null }, type: string | null) {
  const { name } = said;
  const title = said.title === null ? null : decodeSlackText(said.title);
  const stem = name?.replace(ENDING, '') ?? null;
  if (isTelling(stem)) return name;
  const ending = ENDING.exec(name ?? '')?.[1] ?? snippetEnding(type);
  if (title === null || !isTelling(title.replace(ENDING, ''))) return `Snippet.${ending}`;
  return ENDING.test(title) ? title : `${title}.${ending}`;
}

/** Does it say anything at all? Slack calls what has no name `-`. */
function isTelling(text: string | null): text is string {
  return text !== null && /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
}

function snippetEnding(type: string | null): string {
  const word = type?.toLowerCase() ?? 'text';
  if (Object.hasOwn(SNIPPETS, word)) return SNIPPETS[word] as string;
  return /^[a-z0-9]{1,10}$/.test(word) ? word : 'txt';
}

/**
 * The name under which a file is downloaded and kept: as people know it, with an ending that opens. What was uploaded
 * keeps its name as it is; what Slack made gets the ending of the bytes that came (`Weekly Sync.html`, a recording's
 * `audio_message.mp4`), and so does what has no name of its own.
 */
export function downloadName(file: Named): string {
  const { name, title, fileId, storedType, mimetype } = file;
  const own = name?.trim() ? name : null;
  const base = own ?? (title?.trim() ? title : fileId);
  if (isMade(file)) return withEndingOf(base, storedType ?? null, isTranscode(file));
  if (ENDING.test(base)) return base;
  if (kindOf(file) === 'snippet') return `${base}.${snippetEnding(file.filetype ?? null)}`;
  return own === null ? withEndingOf(base, storedType ?? mimetype ?? null, false) : base;
}

function withEndingOf(base: string, type: string | null, replaces: boolean): string {
  const ending = endingOf(type);
  if (ending === null) return base;
  const own = ENDING.exec(base)?.[1]?.toLowerCase();
  if (own !== undefined && isSameKind(lookup(own), type)) return base;
  return `${replaces ? base.replace(ENDING, '') : base}.${ending}`;
}

/** The usual ending of a content type, without a dot; null for one that tells nothing. */
export function endingOf(type: string | null | undefined): string | null {
  const bare = bareType(type);
  if (bare === null || bare === 'application/octet-stream') return null;
  return PREFERRED[bare] ?? (extension(bare) || null);
}

/** A content type without its parameters, in lower case; null when it is none. */
export function bareType(type: string | null | undefined): string | null {
  const bare = type?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]+\/[\w.+-]+$/.test(bare) ? bare : null;
}

/** The content type that a name tells by its ending; null when it tells none. */
export function typeOfName(name: string | null): string | null {
  const ending = ENDING.exec(name ?? '')?.[1];
  return (ending !== undefined && lookup(ending)) || null;
}

/** `audio/mp4` in an `.mp4` opens as well as `video/mp4` in an `.m4a`: the container counts. */
function isSameKind(one: string | false, other: string | null): boolean {
  const subtype = (type: string | null) => bareType(type)?.split('/')[1];
  return one !== false && subtype(one) !== undefined && subtype(one) === subtype(other);
}

/** The ending as it stands in a name, in small letters and without its dot; also one of digits alone (`.001`). */
export function writtenEnding(name: string | null): string | undefined {
  return /\.([a-z0-9]{1,10})$/i.exec(name ?? '')?.[1]?.toLowerCase();
}
