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

/** The part after a name's last dot, in lower case: only letters and digits, with at least one letter. */
const ENDING = /\.(?=[a-z0-9]*[a-z])([a-z0-9]{1,10})$/i;

/** Endings that `mime-types` lacks, or lists after a rarer one. */
const PREFERRED: Record<string, string> = {
  'text/plain': 'txt',
  'text/markdown': 'md',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'video/quicktime': 'mov',
  'image/jpeg': 'jpg',
};

/** Slack's snippet types whose word is not an ending. Source: docs.slack.dev/reference/objects/file-object, "types". */
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
 * The name and title by which people know a file, from what Slack says. A file that Slack renders has a name that
 * nobody sees (`-`, `Untitled`, `weekly_sync`, from the day it was made), so its decoded title is its name. A snippet
 * without a name is called by its title, or "Snippet" with the ending of its language.
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

/** A name stays as people typed it; a title is text that Slack encodes. */
function snippetName(said: { name: string | null; title: string | null }, type: string | null) {
  const { name } = said;
  const title = said.title === null ? null : decodeSlackText(said.title);
  const stem = name?.replace(ENDING, '') ?? null;
  if (isTelling(stem)) return name;
  const ending = ENDING.exec(name ?? '')?.[1] ?? snippetEnding(type);
  if (title === null || !isTelling(title.replace(ENDING, ''))) return `Snippet.${ending}`;
  return ENDING.test(title) ? title : `${title}.${ending}`;
}

/** Is it a real name? Slack writes `-` when there is none. */
function isTelling(text: string | null): text is string {
  return text !== null && /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
}

function snippetEnding(type: string | null): string {
  const word = type?.toLowerCase() ?? 'text';
  if (Object.hasOwn(SNIPPETS, word)) return SNIPPETS[word] as string;
  return /^[a-z0-9]{1,10}$/.test(word) ? word : 'txt';
}

/**
 * The name under which a file is downloaded and kept: the name that people know, with an ending that opens. An uploaded
 * file keeps its name. A file that Slack made gets the ending of the bytes that came (`Weekly Sync.html`, a recording's
 * `audio_message.mp4`), and so does a file without a name.
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

/** The usual ending of a content type, without a dot; null for a type that says nothing. */
export function endingOf(type: string | null | undefined): string | null {
  const bare = bareType(type);
  if (bare === null || bare === 'application/octet-stream') return null;
  return PREFERRED[bare] ?? (extension(bare) || null);
}

/** A content type without its parameters, in lower case; null when it is not a content type. */
export function bareType(type: string | null | undefined): string | null {
  const bare = type?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[\w.+-]+\/[\w.+-]+$/.test(bare) ? bare : null;
}

/** The content type of a name's ending; null when it has none. */
export function typeOfName(name: string | null): string | null {
  const ending = ENDING.exec(name ?? '')?.[1];
  return (ending !== undefined && lookup(ending)) || null;
}

/** `audio/mp4` in an `.mp4` opens as well as `video/mp4` in an `.m4a`: the container counts. */
function isSameKind(one: string | false, other: string | null): boolean {
  const subtype = (type: string | null) => bareType(type)?.split('/')[1];
  return one !== false && subtype(one) !== undefined && subtype(one) === subtype(other);
}

/** The ending in a name, in lower case and without its dot; it may be digits only (`.001`). */
export function writtenEnding(name: string | null): string | undefined {
  return /\.([a-z0-9]{1,10})$/i.exec(name ?? '')?.[1]?.toLowerCase();
}
