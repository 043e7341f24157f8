/** A word that a line's end cuts in two is one word. */
export function joined(text: string): string {
  return text.replaceAll(/(\p{Ll})[-\u2010\u00ad]\n(\p{Ll})/gu, '$1$2');
}
