import type { Mark } from './part.ts';
import type { Result } from './publish.ts';

const WIDTH = 920;
const LABEL_WIDTH = 430;
const ROW_HEIGHT = 26;
const HEAD_HEIGHT = 78;
/** Where the line of the promise is between the label and the right edge. */
const LIMIT_AT = 0.62;
const BAR_WIDTH = WIDTH - LABEL_WIDTH - 30;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');

/** Measured values compared with the promises, as an SVG: a bar for each number, one line for all promises. */
export function picture(results: readonly Result[]): string {
  const marks = results.flatMap((result) => result.marks);
  const newest =
    results
      .map(({ at }) => at.slice(0, 10))
      .sort()
      .at(-1) ?? '';
  const height = HEAD_HEIGHT + marks.length * ROW_HEIGHT + 16;
  const limitX = LABEL_WIDTH + BAR_WIDTH * LIMIT_AT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" role="img">
<title>What was measured against what is promised</title>
<rect width="100%" height="100%" rx="8" fill="#ffffff"/>
<text x="16" y="30" font-size="18" font-weight="600" fill="#1d1c1d">Measured against what is promised</text>
<text x="16" y="52" fill="#616061">${escaped(`${newest}, ${results.at(-1)?.machine ?? ''}. Shorter is better.`)}</text>
<line x1="${limitX}" x2="${limitX}" y1="${HEAD_HEIGHT - 8}" y2="${height - 12}" stroke="#1d1c1d" stroke-dasharray="4 3"/>
<text x="${limitX}" y="${HEAD_HEIGHT - 14}" text-anchor="middle" fill="#1d1c1d">promised</text>
${marks.map((mark, i) => row(mark, HEAD_HEIGHT + i * ROW_HEIGHT)).join('\n')}
</svg>
`;
}

function row({ label, value, limit, unit }: Mark, y: number): string {
  const share = limit > 0 ? value / limit : 0;
  const width = Math.max(2, Math.min(1, share * LIMIT_AT) * BAR_WIDTH);
  const color = share <= 1 ? '#2f9e63' : '#d9822b';
  const number = (n: number) => (n >= 100 ? n.toFixed(0) : String(Number(n.toPrecision(3))));
  const figures = `${number(value)} of ${number(limit)} ${unit}`;
  const inside = width > 150;
  return `<text x="16" y="${y + 16}" fill="#1d1c1d">${escaped(label)}</text>
<rect x="${LABEL_WIDTH}" y="${y + 3}" width="${width.toFixed(1)}" height="18" rx="3" fill="${color}"/>
<text x="${(inside ? LABEL_WIDTH + 8 : LABEL_WIDTH + width + 8).toFixed(1)}" y="${y + 16}" fill="${inside ? '#ffffff' : '#1d1c1d'}">${escaped(figures)}</text>`;
}
