/**
 * The one place that knows what kinds of file Slack has. Slack's `mode` says it, and its `filetype` where the mode is
 * missing; both are open strings. Sources: docs.slack.dev/reference/objects/file-object, and recordings of what Slack
 * sends that public projects keep in their tests.
 */

/** The part of a description that tells a file's kind. */
export interface Described {
  mode?: string | null;
  filetype?: string | null;
  url?: string | null;
  facts?: { transcode?: boolean } | undefined;
}

export type Kind =
  | 'canvas' // a document that Slack renders as HTML, a fragment without a head
  | 'post' // its forerunner
  | 'email' // sent to a channel: Slack renders its text, and what was attached hangs on it
  | 'list' // rows; their bytes are made when asked
  | 'snippet' // text, stored as it was typed
  | 'huddle_transcript' // Slack shows it to people and refuses it to every bot
  | 'file'; // uploaded: the bytes as they were

const KINDS: Record<string, Kind> = {
  quip: 'canvas',
  canvas: 'canvas',
  docs: 'canvas',
  space: 'post',
  post: 'post',
  email: 'email',
  list: 'list',
  huddle_transcript: 'huddle_transcript',
  snippet: 'snippet',
  hosted: 'file',
};

/** What kind of file this is. A mode that says so counts more than the file type, which anybody may choose by a name. */
export function kindOf({ mode, filetype }: Described): Kind {
  return known(mode) ?? known(filetype) ?? 'file';
}

function known(word: string | null | undefined): Kind | undefined {
  return word && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
}

/** Does Slack make these bytes as HTML when asked, so that neither `size` nor `mimetype` tells of them? */
export function isRendered(file: Described): boolean {
  const kind = kindOf(file);
  return kind === 'canvas' || kind === 'post' || kind === 'email';
}

/**
 * Is all that Slack gives of this recording a transcode of another size and type? So it is with clips (their `subtype`
 * told us), and with whatever comes from `/files-tmb/`. Measured on live Slack in 2026: `size` 309,514, 171,187 bytes.
 */
export function isTranscode({ facts, url }: Described): boolean {
  return facts?.transcode === true || servesTranscode(url);
}

/** Does this address lead to a transcode instead of the file itself? */
export function servesTranscode(url: string | null | undefined): boolean {
  return typeof url === 'string' && URL.canParse(url) && new URL(url).pathname.includes('/files-tmb/');
}

/** Are the bytes made when they are asked for, so that only the answer knows their length and type? */
export function isMade(file: Described): boolean {
  return isRendered(file) || isTranscode(file) || kindOf(file) === 'list';
}

/** The end of the id of what was attached to an e-mail, after the mail's id. */
const OWN_PART = /^(.{1,55})-[0-9A-F]{8}$/;

/** The e-mail that a file was attached to; null for every other file. Slack knows such a file by its mail alone. */
export function mailOf(file: { fileId: string; parentId?: string | null }): string | null {
  return file.parentId ?? OWN_PART.exec(file.fileId)?.[1] ?? null;
}

/** How many bytes must come; null where only the answer knows. */
export function declaredSize(file: Described & { size: number | null }): number | null {
  return isMade(file) ? null : file.size;
}

/** Whether there is a way to its bytes: an address, or for a list its rows, which Slack makes also where it names no address. */
export function canBeFetched(file: {
  url: string | null;
  mode: string | null;
  filetype: string | null;
}): boolean {
  return file.url !== null || kindOf(file) === 'list';
}
