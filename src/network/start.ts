import type { Log } from '../log.ts';
import { type Proxies, shownProxies } from '../proxies.ts';
import { trustCertificates } from './trust.ts';

/**
 * Trusts the certificates that the environment names, and says in the log through which proxies the vault's connections
 * go. Throws `ConfigError`.
 */
export function startNetwork(
  env: Readonly<Record<string, string | undefined>>,
  proxies: Proxies,
  log: Log,
): void {
  trustCertificates(env);
  const shown = shownProxies(proxies);
  if (shown) log.info(shown, 'connections go through a proxy');
}
