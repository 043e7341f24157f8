/**
 * The only place that knows Slack's kinds of file. Slack's `mode` says the kind, or its `filetype` without a mode;
 * both may hold any string. Sources: docs.slack.dev/reference/objects/file-object, and recordings of what Slack
 * sends that public projects keep in their tests.
 */

/** The part of a description that says a file's kind. */
export interface Described {
  mode?: string | null;
  filetype?: string | null;
  url?: string | null;
  facts?: { transcode?: boolean } | undefined;
}

export type Kind =
  | 'canvas' // a document that Slack renders as HTML, a fragment without a head
  | 'post' // older than the canvas
  | 'email' // sent to a channel: Slack renders its text; its attachments belong to it
  | 'list' // rows; Slack makes their bytes on request
  | 'snippet' // text, stored as typed
  | 'huddle_transcript' // Slack shows it to people and refuses it to every bot
  | 'file'; // uploaded: the bytes are unchanged

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

/** What kind of file this is. A known mode counts first: anybody can choose the file type through a file's name. */
export function kindOf({ mode, filetype }: Described): Kind {
  return known(mode) ?? known(filetype) ?? 'file';
}

function known(word: string | null | undefined): Kind | undefined {
  return word && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
}

/** Does Slack make these bytes as HTML on request? Then `size` and `mimetype` say nothing about them. */
export function isRendered(file: Described): boolean {
  const kind = kindOf(file);
  return kind === 'canvas' || kind === 'post' || kind === 'email';
}

/**
 * Does Slack give only a transcode of this recording, with another size and type? True for clips (their `subtype`
 * told us) and for everything from `/files-tmb/`. Measured on live Slack in 2026: `size` 309,514, 171,187 bytes.
 */
export function isTranscode({ facts, url }: Described): boolean {
  return facts?.transcode === true || servesTranscode(url);
}

/** Does this address lead to a transcode instead of the file itself? */
export function servesTranscode(url: string | null | undefined): boolean {
  return typeof url === 'string' && URL.canParse(url) && new URL(url).pathname.includes('/files-tmb/');
}

/** Does Slack make the bytes on request? Then only its answer says their length and type. */
export function isMade(file: Described): boolean {
  return isRendered(file) || isTranscode(file) || kindOf(file) === 'list';
}

/** The id of an e-mail's attachment: the mail's id, then this end. */
const OWN_PART = /^(.{1,55})-[0-9A-F]{8}$/;

/** The e-mail that a file was attached to; null for every other file. Slack knows an attachment only by its mail. */
export function mailOf(file: { fileId: string; parentId?: string | null }): string | null {
  return file.parentId ?? OWN_PART.exec(file.fileId)?.[1] ?? null;
}

/** How many bytes must come; null when only the answer says it. */
export function declaredSize(file: Described & { size: number | null }): number | null {
  return isMade(file) ? null : file.size;
}

/** Whether its bytes can be fetched: it has an address, or is a list, whose rows Slack gives without one too. */
export function canBeFetched(file: {
  url: string | null;
  mode: string | null;
  filetype: string | null;
}): boolean {
  return file.url !== null || kindOf(file) === 'list';
}
