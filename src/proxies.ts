import { BlockList, isIP } from 'node:net';
import { ConfigError } from './errors.ts';

/** A proxy, as HTTPS_PROXY or HTTP_PROXY names it. */
export interface ProxyServer {
  /** The variable that names it, for sentences. */
  variable: string;
  /** `http://proxy.example.com:3128`, without user and password. */
  origin: string;
  protocol: 'http:' | 'https:';
  /** Without the brackets of an IPv6 address. */
  hostname: string;
  port: number;
  /** The value of `Proxy-Authorization`: a secret. */
  authorization: string | undefined;
}

/** Which connections go through which proxy. */
export interface Proxies {
  /** For `https:` and `wss:` addresses. */
  https: ProxyServer | undefined;
  /** For `http:` and `ws:` addresses. */
  http: ProxyServer | undefined;
  /** What NO_PROXY says, word for word; empty when it says nothing. */
  direct: string;
  isDirect(hostname: string, port: number): boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as curl and Node's NODE_USE_ENV_PROXY do: the lower-case name wins, an
 * empty value counts as none, and each proxy is for its own kind of address alone. Unlike curl, HTTP_PROXY also counts
 * in capitals: the vault is no CGI program. Throws `ConfigError`, which never shows the value: it may hold a password.
 * Sources: everything.curl.dev/usingcurl/proxies/env; nodejs.org/api/http.html#built-in-proxy-support.
 */
export function readProxies(env: Env): Proxies {
  const direct = (env.no_proxy?.trim() || env.NO_PROXY?.trim()) ?? '';
  const rules = direct
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(ruleOf);
  return {
    https: proxyOf(env, 'HTTPS_PROXY'),
    http: proxyOf(env, 'HTTP_PROXY'),
    direct,
    isDirect(hostname, port) {
      const host = bareHost(hostname);
      return rules.some((rule) => rule(host, port));
    },
  };
}

/** The proxy that a connection to this address must take, or undefined when it goes straight there. */
export function proxyFor(proxies: Proxies, address: URL): ProxyServer | undefined {
  const isTls = address.protocol === 'https:' || address.protocol === 'wss:';
  const proxy = isTls ? proxies.https : proxies.http;
  const port = Number(address.port) || (isTls ? 443 : 80);
  return proxy === undefined || proxies.isDirect(address.hostname, port) ? undefined : proxy;
}

/** What a log line says of them: no user, no password. Undefined when there is none. */
export function shownProxies({ https, http, direct }: Proxies): Record<string, string> | undefined {
  if (https === undefined && http === undefined) return undefined;
  return {
    ...(https && { httpsProxy: https.origin }),
    ...(http && { httpProxy: http.origin }),
    ...(direct && { noProxy: direct }),
  };
}

function proxyOf(env: Env, capitals: 'HTTPS_PROXY' | 'HTTP_PROXY'): ProxyServer | undefined {
  const variable = [capitals.toLowerCase(), capitals].find((name) => env[name]?.trim());
  if (variable === undefined) return undefined;
  const text = env[variable]?.trim() ?? '';
  const refuse = () =>
    new ConfigError(
      variable,
      `${variable} must be a proxy's address such as http://proxy.example.com:3128 or http://user:password@proxy.example.com:3128, with special characters percent-encoded; other kinds of proxy are not supported.`,
    );
  // As in curl, an address without a scheme is one of http.
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || url.hostname === '') throw refuse();
  const { protocol } = url;
  if (protocol !== 'http:' && protocol !== 'https:') throw refuse();
  // With an unescaped slash in the password, the rest of it would be taken for the path.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw refuse();
  return {
    variable,
    origin: url.origin,
    protocol,
    hostname: bareHost(url.hostname),
    port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
    authorization: authorizationOf(url, refuse),
  };
}

function authorizationOf({ username, password }: URL, refuse: () => ConfigError): string | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(plain).toString('base64')}`;
  } catch {
    throw refuse();
  }
}

/** A name or address in one form: no brackets, no dot at its end, lower case. */
function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.+)\]$/, '$1')
    .replace(/(.)\.$/, '$1');
}

type Rule = (host: string, port: number) => boolean;

/**
 * One entry of NO_PROXY: `*`, a name (its subdomains too), `.name`, `*.name`, an address, a network (`10.0.0.0/8`) or
 * a range (`10.0.0.1-10.0.0.9`); each but the last two may end with a port.
 */
function ruleOf(entry: string): Rule {
  const network = /^\[?([\d.]+|[\da-f:.]+)\]?(?:\/(\d{1,3})|-([\da-f:.]+))$/i.exec(entry);
  if (network !== null) return networkRule(network[1] ?? '', network[2], network[3]);
  // An IPv6 address has colons of its own: with a port, it stands in brackets.
  const [, name = entry, digits] = isIP(entry) === 6 ? [] : (/^(.+?)(?::(\d+))?$/.exec(entry) ?? []);
  const host = bareHost(name);
  const fits = host === '*' ? () => true : isIP(host) === 0 ? nameRule(host) : addressRule(host);
  return (given, port) => (digits === undefined || Number(digits) === port) && fits(given);
}

function nameRule(name: string): (host: string) => boolean {
  const domain = name.replace(/^\*?\./, '');
  const onlyBelow = name.startsWith('*');
  return (host) => (host === domain && !onlyBelow) || host.endsWith(`.${domain}`);
}

function addressRule(address: string): (host: string) => boolean {
  const list = new BlockList();
  list.addAddress(address, familyOf(address));
  return (host) => isIP(host) !== 0 && list.check(host, familyOf(host));
}

function networkRule(from: string, bits: string | undefined, to: string | undefined): Rule {
  const list = new BlockList();
  try {
    if (bits !== undefined) list.addSubnet(from, Number(bits), familyOf(from));
    else list.addRange(from, to ?? from, familyOf(from));
  } catch {
    // Not a network. Other programs read NO_PROXY too, and each passes over what it does not know.
    return () => false;
  }
  return (host) => isIP(host) !== 0 && list.check(host, familyOf(host));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
