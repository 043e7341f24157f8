/**
 * What Slack would make of a piece of mrkdwn, read more eagerly than Slack does: all that could be a mention, a link,
 * bold, italic, struck, code, an emoji or a quote counts as one.
 */
export interface Reading {
  /** The content of every `<…>`. */
  controls: string[];
  /** The content of code spans and bold runs, entities decoded. */
  code: string[];
  bold: string[];
  /** The rest of the text without those. */
  rest: string;
}

export function readMrkdwn(text: string): Reading {
  const controls: string[] = [];
  const code: string[] = [];
  const bold: string[] = [];
  const rest = text
    .replace(/<([^<>]*)>/g, (_, inside: string) => {
      controls.push(inside);
      return ' ';
    })
    .replace(/`([^`\n]*)`/g, (_, inside: string) => {
      code.push(decode(inside));
      return ' ';
    })
    .replace(/\*([^*\n]+)\*/g, (_, inside: string) => {
      bold.push(decode(inside));
      return ' ';
    });
  return { controls, code, bold, rest };
}

function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Anything in plain or bold text that Slack could still format. */
export function couldFormat(text: string): string | null {
  const bare = text.replace(/[\u2068\u2069]/g, '');
  for (const pattern of [
    /[*`<>]/,
    /(^|[^\p{L}\p{N}])[_~]|[_~]($|[^\p{L}\p{N}])/u,
    /:[^\s:]+:/,
    /https?:\/\//i,
    /@(here|channel|everyone)/i,
    /^\s*&gt;/m,
  ]) {
    const found = pattern.exec(bare);
    if (found) return `${pattern} at ${found.index} of ${JSON.stringify(text)}`;
  }
  return null;
}
