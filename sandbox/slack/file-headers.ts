/** The headers that go with a file's bytes. */
export function fileHeaders(
  served: { name: string | null; type: string },
  download: boolean,
): Record<string, string> {
  const name = encodeURIComponent((served.name ?? 'file').toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return {
    'content-type': served.type,
    'content-disposition': `${download ? 'attachment' : 'inline'}; filename*=UTF-8''${name}`,
    'cache-control': 'private, no-cache, no-store, must-revalidate',
    'x-content-type-options': 'nosniff',
  };
}
