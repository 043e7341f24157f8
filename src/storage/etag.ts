/** An ETag without its quotes. Only some stores send them. */
export function unquote(etag: string | undefined): string | null {
  return etag ? etag.replaceAll('"', '') : null;
}
