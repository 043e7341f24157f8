import type { FileRecord } from './types.ts';

/** The headers that go with a file's bytes. */
export function fileHeaders(file: FileRecord, download: boolean): Record<string, string> {
  const name = encodeURIComponent((file.name ?? 'file').toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  const type =
    file.mode === 'space' ? 'text/html; charset=utf-8' : file.mimetype || 'application/octet-stream';
  return {
    'content-type': type,
    'content-disposition': `${download ? 'attachment' : 'inline'}; filename*=UTF-8''${name}`,
    'cache-control': 'private, no-cache, no-store, must-revalidate',
    'x-content-type-options': 'nosniff',
  };
}
