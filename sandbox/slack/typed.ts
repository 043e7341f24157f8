/** What people type, as Slack hands it to apps. */
import { shortcodeOf } from '../page/text/emoji.ts';
import { seesChannel } from './access.ts';
import type { World } from './world.ts';

/**
 * The text of a message: `&`, `<` and `>` escaped, addresses made into links, emoji into shortcodes. Mentions and
 * links that are in Slack's own form already stay (docs.slack.dev/messaging/formatting-message-text).
 */
export function messageText(typed: string): string {
  return outside(typed, (part) => withShortcodes(withLinks(escaped(part))));
}

/**
 * The text of a slash command. With `should_escape`, the box "Escape channels, users, and links sent to your app",
 * `@name` and `#channel` become `<@U012ABCDEF|worf>` and `<#C2147483705|channel-name>`
 * (docs.slack.dev/interactivity/implementing-slash-commands). That `&`, `<` and `>` are escaped in any case, and that
 * only what the person can see is found, is our reading.
 */
export function commandText(world: World, user: string, typed: string, shouldEscape: boolean): string {
  if (!shouldEscape) return withShortcodes(escaped(typed));
  return outside(withMentions(world, user, escaped(typed)), (part) => withShortcodes(withLinks(part)));
}

/** Applies `change` to the text outside `<…>` in Slack's own form. */
function outside(text: string, change: (part: string) => string): string {
  return text
    .split(/(<(?:[@#!]|https?:|mailto:)[^<>\s]*[^<>]*>)/)
    .map((part, at) => (at % 2 === 1 ? part : change(part)))
    .join('');
}

/**
 * `&`, `<` and `>` escaped, in titles as in messages (recorded in a title: `… in &lt;#C0GENERAL1&gt;`). Entities that
 * are already there stay: the page sends escaped text.
 */
export function escaped(text: string): string {
  return text
    .replace(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

function withMentions(world: World, user: string, text: string): string {
  return text
    .replace(/(^|[\s(])@([a-z0-9._-]+)/gi, (whole, before, name) => {
      const person = [...world.state.people.values()].find((one) => one.name === name.toLowerCase());
      return person === undefined ? whole : `${before}<@${person.id}|${person.name}>`;
    })
    .replace(/(^|[\s(])#([a-z0-9_-]+)/gi, (whole, before, name) => {
      const channel = [...world.state.channels.values()].find((one) => one.name === name.toLowerCase());
      const seen = channel !== undefined && seesChannel(world, user, channel.id);
      return seen ? `${before}<#${channel.id}|${channel.name}>` : whole;
    });
}

/**
 * Endings of names that are made into links. Slack's text has whole addresses only ("Automatic parsing" in
 * docs.slack.dev/messaging/formatting-message-text); that names with the ending of a country are taken for addresses was
 * met with `tablename.id` (gitlab.com/postgres-ai/joe, issue 139). Nobody recorded which endings Slack knows; `.md` is
 * Moldova's, so `readme.md` becomes a link.
 */
const ENDINGS =
  'com|org|net|edu|gov|info|io|ai|app|dev|co|me|md|id|sh|rs|py|pl|de|fr|es|it|nl|ch|at|uk|eu|us|to|so';

const LINK = new RegExp(
  [
    String.raw`(?<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)`,
    String.raw`(?<url>https?:\/\/[^\s<>|]+)`,
    String.raw`(?<bare>(?<![\w@/.:-])(?:[a-z0-9-]+\.)+(?:${ENDINGS})(?![\w@.-]*[\w@-])(?:\/[^\s<>|]*)?)`,
  ].join('|'),
  'gi',
);

/** `a@b.org` → `<mailto:a@b.org|a@b.org>`, `https://x.org` → `<https://x.org>`, `readme.md` → a link with a label. */
function withLinks(text: string): string {
  return text.replace(LINK, (whole: string, ...rest: unknown[]) => {
    const { mail, url } = rest.at(-1) as { mail?: string; url?: string };
    if (mail !== undefined) return `<mailto:${whole}|${whole}>`;
    // A full stop or a comma after an address ends the sentence.
    const end = /[.,;:!?)]+$/.exec(whole)?.[0] ?? '';
    const address = whole.slice(0, whole.length - end.length);
    return url === undefined ? `<http://${address}|${address}>${end}` : `<${address}>${end}`;
  });
}

const PICTURE = /\p{RGI_Emoji}/gv;

function withShortcodes(text: string): string {
  return text.replace(PICTURE, (sign) => {
    const name = shortcodeOf(sign);
    return name === undefined ? sign : `:${name}:`;
  });
}
