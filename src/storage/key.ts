/** S3's limit for a whole key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
/** Long enough for names that people read, short enough for file systems (255) and for links. */
const MAX_NAME_BYTES = 200;
/** An extension is the text from the last dot on, up to this many bytes including the dot. */
const MAX_EXTENSION_BYTES = 24;
/** Leaves room in a key for ids, the date and a useful part of the name. */
export const MAX_PREFIX_BYTES = 512;

/**
 * The key of a file: `<prefix>/<team>/<channel>/<yyyy>/<mm>/<dd>/<file id>/<safe name>`, the day in UTC.
 * Each later version has its own folder: `…/<file id>/v2/<safe name>`. `sharedAt` is in ms. `attempt` (2, 3, …)
 * gives another key of the same form, for when something else has the first one. The key has at most 1,024 bytes.
 * No code reads a meaning from it.
 */
export function objectKey(at: {
  prefix: string;
  teamId: string;
  channelId: string;
  sharedAt: number;
  fileId: string;
  name: string | null;
  /** From 1. */
  version?: number;
  attempt?: number;
}): string {
  const [year, month, day] = new Date(at.sharedAt).toISOString().slice(0, 10).split('-');
  const folders = [
    safePrefix(at.prefix),
    ...[at.teamId, at.channelId, year, month, day, at.fileId].map(safeId),
    at.version !== undefined && at.version > 1 ? `v${at.version}` : '',
  ];
  const folder = folders.filter(Boolean).join('/');
  const room = Math.min(MAX_NAME_BYTES, MAX_KEY_BYTES - Buffer.byteLength(folder) - 1);
  const suffix = at.attempt && at.attempt > 1 ? ` (${at.attempt})` : '';
  return `${folder}/${safeName(at.name, room, suffix)}`;
}

/** A text that ends with a key, without the name at the end of the key: for the log, which names files by their ids. */
export function withoutName(text: string): string {
  return text.replace(/\/[^/]*$/, '/…');
}

/** A prefix as it is used in keys: no slash at either end, no empty, `.` or `..` folder. */
export function safePrefix(prefix: string): string {
  return prefix
    .split('/')
    .filter((part) => !/^\.*$/.test(part))
    .join('/');
}

/**
 * Turns any name into one that every file system and every S3 store accepts: one path segment in NFC, without control
 * characters, separators, direction overrides or `..`, without dots or spaces at its ends, never empty. It is cut to
 * `maxBytes` of UTF-8 at a whole character and keeps the extension. `suffix` goes before the extension.
 */
export function safeName(name: string | null, maxBytes: number = MAX_NAME_BYTES, suffix = ''): string {
  const clean = tidy(
    (name ?? '')
      .toWellFormed()
      .normalize('NFC')
      // Control characters, line and paragraph separators, and characters that Windows does not allow in a name.
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}/\\:*?"<>|]/gu, '_')
      // Invisible formatting, such as the direction overrides that make `exe.gpj` look like `jpg.exe`. The joiners
      // inside emoji and Persian words stay.
      .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
      .replace(/\p{Zs}+/gu, ' ')
      .replace(/\.{2,}/g, '.')
      .normalize('NFC'),
  );
  const whole = clean || 'file';
  if (!suffix && Buffer.byteLength(whole) <= maxBytes) return whole;
  const dot = whole.lastIndexOf('.');
  const extension =
    dot > 0 && Buffer.byteLength(whole.slice(dot)) <= MAX_EXTENSION_BYTES ? whole.slice(dot) : '';
  const stem = extension ? whole.slice(0, dot) : whole;
  const room = maxBytes - Buffer.byteLength(extension) - Buffer.byteLength(suffix);
  return `${tidy(cutToBytes(stem, room)) || 'file'}${suffix}${extension}`;
}

/** The longest beginning of `text` that fits in `maxBytes` of UTF-8 and splits no character. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function tidy(name: string): string {
  return name.replace(/^[. ]+|[. ]+$/g, '');
}

/** Slack's ids are letters and digits. Other characters are kept out of the path. */
function safeId(id: string | undefined): string {
  return (id ?? '').replace(/[^A-Za-z0-9_-]/g, '_') || '_';
}
