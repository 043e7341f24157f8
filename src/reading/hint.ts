import { extname } from 'node:path';
import { type Described, isRendered, kindOf } from '../file-kinds.ts';

/** What a file calls itself, where its bytes alone do not say it. */
export type Hint = 'html' | 'mail' | 'json' | 'picture-text' | 'pdf' | 'list' | 'text';

const BY_EXTENSION: Record<string, Hint> = {
  ...{ '.html': 'html', '.htm': 'html', '.xhtml': 'html' },
  // A saved web page is written as a mail (RFC 2557).
  ...{ '.eml': 'mail', '.mht': 'mail', '.mhtml': 'mail' },
  ...{ '.json': 'json', '.ipynb': 'json', '.geojson': 'json', '.jsonl': 'json', '.ndjson': 'json' },
  ...{ '.svg': 'picture-text', '.pdf': 'pdf' },
};
const BY_TYPE: Record<string, Hint> = {
  ...{ 'text/html': 'html', 'application/xhtml+xml': 'html' },
  ...{ 'message/rfc822': 'mail', 'multipart/related': 'mail' },
  ...{ 'application/json': 'json', 'application/geo+json': 'json', 'application/x-ipynb+json': 'json' },
  ...{ 'image/svg+xml': 'picture-text', 'application/pdf': 'pdf' },
};

/** Its name counts before its type: types are often guessed. A canvas, a post and a mail of Slack's are HTML, whatever their names. */
export function hintOf(file: Described & { name: string | null; mimetype: string | null }): Hint {
  if (isRendered(file)) return 'html';
  if (kindOf(file) === 'list') return 'list';
  const type = (file.mimetype ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const extension = extname(file.name ?? '').toLowerCase();
  return own(BY_EXTENSION, extension) ?? own(BY_TYPE, type) ?? 'text';
}

function own(table: Record<string, Hint>, key: string): Hint | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
