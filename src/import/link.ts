import { mayHaveToken } from '../capture/slack-hosts.ts';
import { mailOf } from '../file-kinds.ts';

/** A file's address in an export may carry a token of its own, which opens it for as long as the export's links are valid. */
const TOKEN_NAMES = ['t', 'token'];
/** Export tokens (xoxe-…), and the user tokens that older exports and tools put there. */
const TOKEN = /^xox[a-z]-[\w-]+$/;
const ANY_TOKEN = /\bxox[a-z](?:-|%2d)/i;

/** The address without the token in it, and with it if there was one. The token opens files: never log it, never keep it. */
export function splitLink(address: string | null): { url: string | null; withToken: string | null } {
  if (address === null || !URL.canParse(address)) return { url: address, withToken: null };
  const url = new URL(address);
  const names = TOKEN_NAMES.filter((name) => TOKEN.test(url.searchParams.get(name) ?? ''));
  if (names.length === 0) return { url: address, withToken: null };
  for (const name of names) url.searchParams.delete(name);
  return { url: url.href, withToken: address };
}

/** The address as it may be kept: null if it has a token that cannot be taken out. */
export function withoutToken(address: string | null): string | null {
  const { url } = splitLink(address);
  return url !== null && ANY_TOKEN.test(url) ? null : url;
}

/** The id of the file that an address leads to, in every form of address that Slack documents or was seen to give. */
const PLACES = [
  // docs.slack.dev/reference/block-kit/composition-objects/slack-file-object: …/files-pri/T0123456-F0123456/xyz.png
  /^\/files-(?:pri|tmb|email-priv)\/[A-Z0-9]+-(F[A-Z0-9]+)(?:[-/]|$)/,
  // A permalink, which is also the address of posts: …/files/U0123456/F0123456/name
  /^\/files\/[A-Z0-9]+\/(F[A-Z0-9]+)(?:\/|$)/,
  // Canvases and lists: …/docs/T0123456/F0123456
  /^\/(?:docs|canvas|lists)\/[A-Z0-9]+\/(F[A-Z0-9]+)(?:\/|$)/,
  // The public one: https://slack-files.com/T0123456-F0123456-0f5c6bb30c
  /^\/[A-Z0-9]+-(F[A-Z0-9]+)-[0-9a-f]+$/,
];

/**
 * Whether an address in an archive is one that Slack gives for this very file: at one of Slack's hosts (or an allowed one), with the
 * file's own id in its place. Any other could have the vault fetch another file's bytes under this id. An e-mail's attachment
 * stands at its mail's id.
 */
export function isOwnAddress(address: string, fileId: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (!mayHaveToken(url, allowedHosts)) return false;
  const named = PLACES.map((place) => place.exec(url.pathname)?.[1]).find((id) => id !== undefined);
  return named !== undefined && (named === fileId || named === mailOf({ fileId }));
}
