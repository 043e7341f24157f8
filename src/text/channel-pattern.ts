/** A channel's name with `*` for any text, as people write it: `#random`, `legal-*`. Also a channel's id. */
export const CHANNEL_PATTERN = /^#?[\p{L}\p{M}\p{N}_*-]{1,80}$/u;

/** Whether one of these patterns names the channel. Upper and lower case are the same: Slack's names are in lower case. */
export function isNamedBy(
  patterns: readonly string[],
  { channelId, name }: { channelId: string; name: string | null },
): boolean {
  return patterns.some((pattern) => {
    const bare = pattern.replace(/^#/, '').toLowerCase();
    if (bare === channelId.toLowerCase()) return true;
    return name !== null && isLike(name.toLowerCase(), bare.split('*'));
  });
}

/** Whether a text is made of these parts, in this order, with anything in between. */
function isLike(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(last) && text.length - last.length >= at;
}
