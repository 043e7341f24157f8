import { decodeEntities, decodeShortcodes, decodeSlackText } from './slack-text.ts';

/**
 * The text of a command or a message as the person typed it. Slack escapes it, turns all that looks like an address
 * into a link (`readme.md` arrives as `<http://readme.md|readme.md>`), and emoji into short names
 * (docs.slack.dev/messaging/formatting-message-text; a slash command's text where `should_escape` is set in the
 * manifest, docs.slack.dev/interactivity/implementing-slash-commands). People, channels and groups stay as they are:
 * `<@U0123|anna>`. Call it only once for a text.
 */
export function readTyped(text: string): string {
  return text
    .split(/(<[^<>]*>)/)
    .map((part, index) => (index % 2 === 0 ? decodeSlackText(part) : link(part)))
    .join('');
}

/** The text between `<` and `>`. In such a text these two signs are never plain characters. */
function link(whole: string): string {
  const [, target = '', label] = /^<([^|]*)(?:\|(.*))?>$/s.exec(whole) ?? [];
  const shown = label === undefined || label === '' ? null : decodeSlackText(label);
  if (/^[@#][A-Z0-9]+$/.test(target)) return whole;
  if (/^!subteam\^/.test(target)) return shown ?? whole;
  if (/^!date\^/.test(target)) return shown ?? whole;
  if (/^!(here|channel|everyone|group)$/.test(target)) return `@${target.slice(1)}`;
  if (/^(mailto|tel):/i.test(target)) return shown ?? decodeEntities(target.replace(/^\w+:/, ''));
  if (/^[a-z][a-z0-9+.-]*:./i.test(target)) return shown ?? decodeEntities(target);
  return decodeSlackText(whole);
}

/** Mentions as they were typed, for a file name that only looks like a mention: `<@U0123|home>` as `@home`. */
export function mentionsAsTyped(text: string): string {
  return text.replace(/<([@#])[A-Z0-9]+\|([^<>|]+)>/g, '$1$2');
}

/**
 * The text that a person wrote into a field of a modal. No recording shows whether Slack escapes it. So it is read as
 * escaped, unless it has a `&`, `<` or `>` that an escaped text cannot have; then it stays as it is.
 */
export function readField(text: string): string {
  const isPlain = /[<>]|&(?!(?:amp|lt|gt);)/.test(text);
  return decodeShortcodes(isPlain ? text : decodeEntities(text));
}
