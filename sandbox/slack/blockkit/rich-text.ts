/** Rich text: what the composer makes, and what table cells may hold. */
import {
  anything,
  boolean,
  byType,
  type Fields,
  integer,
  list,
  object,
  oneOf,
  type Rule,
  string,
} from './check.ts';

const style = object(
  {},
  { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean, highlight: boolean },
);
const word = string(255);

function inline(type: string, required: Fields, optional: Fields = {}): Rule {
  return object({ type: oneOf(type), ...required }, { style, ...optional });
}

const INLINE: Record<string, Rule> = {
  text: inline('text', { text: string(40_000) }),
  link: inline('link', { url: string(3000) }, { text: string(40_000), unsafe: boolean }),
  user: inline('user', { user_id: word }),
  usergroup: inline('usergroup', { usergroup_id: word }),
  channel: inline('channel', { channel_id: word }),
  team: inline('team', { team_id: word }),
  emoji: inline('emoji', { name: word }, { unicode: word, skin_tone: anything, url: string(3000) }),
  // Slack's own composer makes these; which of them an app may send is not published.
  canvas: inline('canvas', { file_id: word }),
  broadcast: inline('broadcast', { range: oneOf('here', 'channel', 'everyone') }),
  color: inline('color', { value: word }),
  date: inline(
    'date',
    { timestamp: integer(0, 9_999_999_999), format: string(255) },
    { url: string(3000), fallback: string(3000) },
  ),
};

const line = list(byType(INLINE), 0, 1000);
const border = integer(0, 1);
const section = object({ type: oneOf('rich_text_section'), elements: line });

const PARTS: Record<string, Rule> = {
  rich_text_section: section,
  rich_text_list: object(
    { type: oneOf('rich_text_list'), style: oneOf('bullet', 'ordered'), elements: list(section, 0, 1000) },
    { indent: integer(0, 8), offset: integer(0, 10_000), border },
  ),
  rich_text_quote: object({ type: oneOf('rich_text_quote'), elements: line }, { border }),
  rich_text_preformatted: object(
    {
      type: oneOf('rich_text_preformatted'),
      elements: list(byType(INLINE, ['text', 'link']), 0, 1000),
    },
    { border, language: string(255) },
  ),
};

/** A rich_text block or cell. */
export const richText: Rule = object(
  { type: oneOf('rich_text'), elements: list(byType(PARTS), 1, 1000) },
  { block_id: string(255, 0) },
);
