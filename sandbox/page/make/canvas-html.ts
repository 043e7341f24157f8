/** A canvas as people edit it here (plain lines) and as Slack sends it (HTML). */

const PLAIN: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Lines become paragraphs, lines that begin with `# ` headings, and those with `- ` a list. */
export function toHtml(text: string): string {
  if (text === '') return '';
  const out: string[] = [];
  let items: string[] = [];
  const close = () => {
    if (items.length > 0) out.push(`<ul>${items.map((one) => `<li>${one}</li>`).join('')}</ul>`);
    items = [];
  };
  for (const line of text.split('\n')) {
    const item = /^[-*] (.*)$/.exec(line);
    const heading = /^(#{1,3}) (.*)$/.exec(line);
    if (item) {
      items.push(escaped(item[1] ?? ''));
      continue;
    }
    close();
    if (heading) {
      const level = heading[1]?.length ?? 1;
      out.push(`<h${level}>${escaped(heading[2] ?? '')}</h${level}>`);
    } else {
      out.push(`<p>${escaped(line)}</p>`);
    }
  }
  close();
  return out.join('\n');
}

/** The way back. HTML from elsewhere loses its tags and keeps its words. */
export function toText(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>/gi, '')
    .replace(/\s*\n\s*/g, '')
    .replace(/<h([1-3])[^>]*>/gi, (_, level: string) => `${'#'.repeat(Number(level))} `)
    .replace(/<li[^>]*>/gi, '- ')
    .replace(/<br\s*\/?>|<\/(p|h[1-6]|li|div|tr)>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (whole) => PLAIN[whole] ?? whole)
    .replace(/\n$/, '');
}
