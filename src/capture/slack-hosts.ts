import { isIP } from 'node:net';

/** Where Slack keeps files, and where it redirects to. Each includes all its subdomains. */
const SLACK_DOMAINS = ['slack.com', 'slack-files.com', 'slack-edge.com', 'slack-gov.com'];

/**
 * May the bot's token go to this address? Only over https, and only to Slack's own hosts and to `allowedHosts`
 * (host names, normally the one of `SLACK_API_URL`). An allowed host that is this machine may use http.
 */
export function mayHaveToken(url: URL, allowedHosts: readonly string[]): boolean {
  if (url.username || url.password) return false;
  const host = url.hostname.toLowerCase();
  const named = allowedHosts.some((allowed) => allowed.toLowerCase() === host);
  if (url.protocol === 'http:') return named && isLoopback(host);
  if (url.protocol !== 'https:') return false;
  return named || SLACK_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}
