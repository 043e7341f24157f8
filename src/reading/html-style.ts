/** How an element is shown by what it says of itself; not by a style with a name. */
export type Shown = 'hidden' | 'block' | 'box' | 'line';

const DISPLAY = /(?:^|[;\s])display\s*:\s*([a-z-]+)/gi;
const INVISIBLE = /(?:^|[;\s])visibility\s*:\s*hidden/i;
const BLOCK = /^(?:block|flex|grid|table|list-item|flow-root|table-row)$/;
const BOX = /^(?:inline-|table-cell)/;

/** A whole page that hides itself is shown later, by a program. */
export function shownBy(name: string, { hidden, style }: Record<string, string>): Shown {
  const isPage = name === 'html' || name === 'body';
  if (!isPage && hidden !== undefined && hidden !== 'until-found') return 'hidden';
  if (style === undefined) return 'line';
  // Of two that contradict each other, the last one counts (CSS Cascade 4: “order of appearance”).
  const display = [...style.matchAll(DISPLAY)].at(-1)?.[1]?.toLowerCase() ?? '';
  if (display === 'none' || INVISIBLE.test(style)) return isPage ? 'line' : 'hidden';
  if (BLOCK.test(display)) return 'block';
  return BOX.test(display) ? 'box' : 'line';
}
