/**
 * Text that is safe inside Slack's mrkdwn.
 *
 * Names come from strangers. A name is shown as it is, with two exceptions. A character that is invisible or would
 * reorder the text around it becomes a visible sign. A name that Slack could read as formatting is put into a code
 * span, where nothing is formatted. Zero-width padding, the usual trick, is not used: for Slack a zero-width space
 * ends a word, so formatting could start there, and a copied name would contain it.
 */
import { cutMiddle } from './limits.ts';

/** Escapes the three characters that Slack's mrkdwn reserves (docs.slack.dev/messaging/formatting-message-text). */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

// Embeddings, overrides and isolates: with them `gpj.exe` reads as `exe.jpg`.
const DIRECTION_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
const LINE_AND_C1_CONTROLS = /[\u0080-\u009f\u2028\u2029]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const C0_CONTROLS = /[\u0000-\u001f\u007f]/g;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200e\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name as one line of visible text, at most `max` units long (shortened in the middle). Control characters become
 * their pictures (a newline shows as ␊), direction controls and broken surrogates become �, and a name with
 * right-to-left letters is isolated from the text around it. Not escaped: for plain_text objects.
 */
export function visibleName(name: string | null | undefined, max: number): string {
  const visible = (name ?? '')
    .toWellFormed()
    .replace(C0_CONTROLS, (control) =>
      control === '\u007f' ? '␡' : String.fromCharCode(0x2400 + control.charCodeAt(0)),
    )
    .replace(LINE_AND_C1_CONTROLS, '�')
    .replace(DIRECTION_CONTROLS, '�');
  if (/^[\s\p{Cf}]*$/u.test(visible)) return 'Untitled';
  return RIGHT_TO_LEFT.test(visible) ? `\u2068${cutMiddle(visible, max - 2)}\u2069` : cutMiddle(visible, max);
}

// Text that Slack could read as formatting, an emoji, a quote, a mention or a link. An underscore or tilde between
// letters is just a letter to Slack, so `my_report_v2.pdf` does not need a code span.
const READS_AS_MARKUP = [
  /[*`]/,
  /(?<![\p{L}\p{N}])[_~]|[_~](?![\p{L}\p{N}])/u,
  /:[^\s:]+:/,
  /^\s|\s$/,
  /^>/,
  /@(?:here|channel|everyone)/i,
  /:\/\/|www\.|mailto:/i,
];

const DAY_MS = 86_400_000;

/** A name for mrkdwn: plain if that is safe, otherwise in a code span. */
export function quietName(name: string | null | undefined, max: number): string {
  const visible = visibleName(name, max);
  return readsAsMarkup(visible) ? codeSpan(visible) : escapeMrkdwn(visible);
}

/** A name for mrkdwn: bold if that is safe, otherwise in a code span. Needs a space or nothing on either side. */
export function boldName(name: string | null | undefined, max: number): string {
  const visible = visibleName(name, max);
  return readsAsMarkup(visible) ? codeSpan(visible) : `*${escapeMrkdwn(visible)}*`;
}

/** Any words as a code span, e.g. typed text. */
export function code(text: string, max: number): string {
  return codeSpan(visibleName(text, max));
}

function readsAsMarkup(visible: string): boolean {
  const bare = visible.replace(/[\u2068\u2069]/g, '');
  return READS_AS_MARKUP.some((pattern) => pattern.test(bare));
}

/** A backtick would end the span, so a similar sign replaces it: the only change that a copied name keeps. */
function codeSpan(visible: string): string {
  return `\`${escapeMrkdwn(visible).replaceAll('`', '\u02cb')}\``;
}

/** A person, as a mention that notifies nobody in an ephemeral message. `vault` is the bot itself. */
export function person(userId: string | null | undefined): string {
  if (userId === 'vault') return 'RIA Vault';
  return userId && /^[UW][A-Z0-9]{1,30}$/.test(userId) ? `<@${userId}>` : 'someone';
}

/** The longest name of a person that is shown. */
const PERSON_LENGTH = 40;

/** The plain names of people, by their ids. */
export type Names = ReadonlyMap<string, string>;

/**
 * A person by their plain name, for what the bot posts by itself: there a mention would notify them. `vault` is the bot
 * itself.
 */
export function plainPerson(userId: string | null | undefined, names: Names): string {
  if (userId === 'vault') return 'RIA Vault';
  const name = names.get(userId ?? '');
  return name === undefined ? 'Someone' : quietName(name, PERSON_LENGTH);
}

/** A channel, as a link. Slack has no link for a direct message; a person's id means uploads that only they see. */
export function channel(channelId: string | null | undefined): string {
  if (channelId && /^[UW][A-Z0-9]{1,30}$/.test(channelId)) return 'private uploads';
  if (!channelId || !/^[CGD][A-Z0-9]{1,30}$/.test(channelId)) return 'a channel';
  return channelId.startsWith('D') ? 'this direct message' : `<#${channelId}>`;
}

/** A moment (ms) in the reader's own time zone, such as "Today at 7:06 AM". */
export function moment(ms: number | null | undefined): string {
  return slackDate(ms, '{date_short_pretty} at {time}', utcTime);
}

/** A moment (ms) for places where Slack shows only plain text, such as "29 November 2026, 10:21 UTC". */
export function utcMoment(ms: number): string {
  return utcTime(new Date(ms));
}

function utcTime(date: Date): string {
  return `${utcDay(date)}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** Only the day of a moment (ms). */
export function day(ms: number | null | undefined): string {
  return slackDate(ms, '{date_short_pretty}', utcDay);
}

/** A day that was counted from 1970 in UTC, as each reader writes dates: its noon is on that day nearly everywhere. */
export function dayOf(days: number): string {
  return slackDate((days + 0.5) * DAY_MS, '{date_short}', utcDay);
}

function slackDate(ms: number | null | undefined, format: string, fallback: (date: Date) => string): string {
  const date = new Date(ms ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return 'at an unknown time';
  return `<!date^${Math.floor(date.getTime() / 1000)}^${format}|${fallback(date)}>`;
}

/** A day that was counted from 1970, for places where Slack shows only plain text: "Nov 29, 2026". */
export function plainDay(days: number): string {
  return utcDay(new Date(Math.floor(days) * DAY_MS));
}

function utcDay(date: Date): string {
  return date.toLocaleDateString('en-US', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  });
}
