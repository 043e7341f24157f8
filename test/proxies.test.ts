import { describe, expect, it } from 'vitest';
import { ConfigError } from '../src/errors.ts';
import { proxyFor, readProxies, shownProxies } from '../src/proxies.ts';

const PROXY = 'http://proxy.example.com:3128';

/** Through which proxy an address goes; undefined: straight there. */
const way = (env: Record<string, string>, address: string) =>
  proxyFor(readProxies(env), new URL(address))?.origin;

function problem(env: Record<string, string>): ConfigError {
  try {
    readProxies(env);
  } catch (error) {
    return error as ConfigError;
  }
  throw new Error('it was accepted');
}

describe('which connections go through which proxy', () => {
  it.each([
    [{}, 'https://slack.com', undefined],
    [{ HTTPS_PROXY: PROXY }, 'https://slack.com', PROXY],
    [{ HTTPS_PROXY: PROXY }, 'wss://wss-primary.slack.com/link', PROXY],
    [{ HTTPS_PROXY: PROXY }, 'http://minio:9000', undefined],
    [{ HTTP_PROXY: PROXY }, 'http://minio:9000', PROXY],
    [{ HTTP_PROXY: PROXY }, 'ws://minio:9000', PROXY],
    [{ HTTP_PROXY: PROXY }, 'https://slack.com', undefined],
    [{ https_proxy: PROXY, HTTPS_PROXY: 'http://other:1' }, 'https://slack.com', PROXY],
    [{ https_proxy: '', HTTPS_PROXY: PROXY }, 'https://slack.com', PROXY],
    [{ HTTPS_PROXY: ' ' }, 'https://slack.com', undefined],
    [{ HTTPS_PROXY: 'proxy.example.com:3128' }, 'https://slack.com', PROXY],
    [{ HTTPS_PROXY: 'HTTP://proxy.example.com:3128/' }, 'https://slack.com', PROXY],
    [{ HTTPS_PROXY: 'https://proxy.example.com' }, 'https://slack.com', 'https://proxy.example.com'],
    [{ HTTPS_PROXY: 'http://[::1]:3128' }, 'https://slack.com', 'http://[::1]:3128'],
  ])('%j: %s by %s', (env, address, expected) => {
    expect(way(env as Record<string, string>, address)).toBe(expected);
  });

  it.each([
    ['*', 'https://slack.com', true],
    ['minio', 'https://minio', true],
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://s3.example.com', true],
    ['example.com', 'https://notexample.com', false],
    ['.example.com', 'https://s3.example.com', true],
    ['.example.com', 'https://example.com', true],
    ['*.example.com', 'https://s3.example.com', true],
    ['*.example.com', 'https://example.com', false],
    ['EXAMPLE.com.', 'https://S3.example.COM', true],
    ['example.com:8443', 'https://example.com:8443', true],
    ['example.com:8443', 'https://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['a.b, c.d\te.f', 'https://c.d', true],
    ['a.b, c.d\te.f', 'https://e.f', true],
    ['localhost', 'https://localhost:9000', true],
    ['127.0.0.1', 'https://127.0.0.1:9000', true],
    ['127.0.0.1', 'https://localhost:9000', false],
    ['127.0.0.1:9000', 'https://127.0.0.1:9000', true],
    ['10.0.0.0/8', 'https://10.20.30.40', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['10.0.0.0/8', 'https://ten.example.com', false],
    ['192.168.1.1-192.168.1.9', 'https://192.168.1.5', true],
    ['192.168.1.1-192.168.1.9', 'https://192.168.1.10', false],
    ['::1', 'https://[::1]:9000', true],
    ['[::1]', 'https://[::1]', true],
    ['[::1]:9000', 'https://[::1]:9000', true],
    ['[::1]:9000', 'https://[::1]', false],
    ['fd00::/8', 'https://[fd00:ec2::254]', true],
    ['10.0.0.0/99, c.d', 'https://c.d', true],
    ['host-1.example.com', 'https://host-1.example.com', true],
    ['10.0.0.0/99', 'https://10.0.0.1', false],
    ['', 'https://slack.com', false],
    [',', 'https://slack.com', false],
  ])('NO_PROXY=%s: %s goes straight there: %s', (list, address, isDirect) => {
    expect(way({ HTTPS_PROXY: PROXY, NO_PROXY: list }, address)).toBe(isDirect ? undefined : PROXY);
    expect(way({ HTTPS_PROXY: PROXY, NO_PROXY: 'x.y', no_proxy: list }, address)).toBe(
      isDirect ? undefined : PROXY,
    );
  });

  it('sends user and password as the proxy wants them, and shows neither', () => {
    const env = { HTTPS_PROXY: 'http://b%C3%B6t:p%40ss%3Aw%2Frd@proxy.example.com:3128', NO_PROXY: 'minio' };
    const proxies = readProxies(env);
    const sent = proxies.https?.authorization?.replace('Basic ', '') ?? '';
    expect(Buffer.from(sent, 'base64').toString()).toBe('böt:p@ss:w/rd');
    expect(shownProxies(proxies)).toEqual({ httpsProxy: PROXY, noProxy: 'minio' });
    expect(shownProxies(readProxies({ NO_PROXY: 'minio' }))).toBeUndefined();
    expect(readProxies({ HTTP_PROXY: 'http://only@proxy:1' }).http?.authorization).toBe(
      `Basic ${btoa('only:')}`,
    );
  });

  it.each([
    'socks5://user:s3cret@proxy:1080',
    'http://user:s3c/ret@proxy:3128',
    'http://user:s3c#ret@proxy:3128',
    'http://user:s3c%ret@proxy:3128',
    'http://user:s3cret@proxy:port',
    'http://proxy:3128/path',
    'http://',
    'ftp://proxy',
  ])('%s is refused in a sentence that names the variable, and not the value', (value) => {
    for (const variable of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
      const error = problem({ [variable]: value });
      expect(error).toBeInstanceOf(ConfigError);
      expect(error.variable).toBe(variable);
      expect(error.message).toContain(variable);
      expect(error.message).not.toMatch(/s3c/);
    }
  });
});
