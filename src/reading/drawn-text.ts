/**
 * Whether a piece of a drawing's text begins anew at the left, below: its next line (SVG 2, chapter 11.2). Others are letters moved a
 * little. `before` is where the piece before it stands.
 */
export function isNextLine({ x, y, dy }: Record<string, string>, before: string | undefined): boolean {
  return x !== undefined && (y === undefined ? dy !== undefined : y !== before);
}
