/** `postgres://user@/db?host=/run/postgresql` is no URL for Node, but one for `pg` and libpq: it gets this host. */
export const NO_HOST = 'no-host';

/** The parts of a PostgreSQL address; undefined for any other text. */
export function parsePostgresUrl(text: string): URL | undefined {
  if (!/^postgres(ql)?:\/\//.test(text)) return undefined;
  const named = URL.canParse(text) ? text : text.replace(/^([^?#]*)@\//, `$1@${NO_HOST}/`);
  if (!URL.canParse(named)) return undefined;
  const url = new URL(named);
  try {
    for (const part of [url.hostname, url.password, url.pathname]) decodeURIComponent(part);
    return url;
  } catch {
    return undefined;
  }
}
