/** What the pages say of the settings is what the code does. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { SECRETS, SETTINGS } from '../src/settings.ts';
import { settingsPages } from '../tools/settings-pages.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const all = SETTINGS.flatMap(({ settings }) => settings);
const needed = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', VAULT_BUCKET: 'files' };

/** The names that `loadConfig` asks this environment for. */
function asked(env: Record<string, string>): Set<string> {
  const names = new Set<string>();
  const get = (_: object, name: string) => {
    names.add(name);
    return env[name];
  };
  loadConfig(new Proxy({}, { get }));
  return names;
}

/** Both receivers, and metrics on a port of their own: together they ask for everything. */
const known = new Set(
  [
    ...asked({ ...needed, VAULT_METRICS_PORT: '9090' }),
    ...asked({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', VAULT_BUCKET: 'files' }),
  ].filter((name) => !/^[a-z]/.test(name)),
);

/** What names in a line mean; the objects within hold functions. */
const plain = (env: Record<string, string>) => {
  const config = loadConfig(env);
  const { isDirect: _, ...proxies } = config.proxies;
  return { ...config, proxies };
};

describe('the settings', () => {
  it('are those that the code reads, each once', () => {
    const ours = all.filter(({ readBy }) => readBy === undefined).map(({ name }) => name);
    expect(known.size).toBeGreaterThan(20);
    expect(ours.toSorted()).toEqual([...known].sort());
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it.each(all.filter(({ readBy, standard }) => readBy === undefined && standard !== undefined))(
    '$name does by itself what $standard does',
    ({ name, standard }) => {
      expect(plain({ ...needed, [name]: standard as string })).toEqual(plain(needed));
    },
  );

  it('have a default wherever the code has a number', () => {
    for (const [, name] of read('src/config.ts').matchAll(/wholeNumber\(\s*env,\s*'([A-Z_]+)',\s*[0-9A-Z]/g))
      expect(all.find((one) => one.name === name)?.standard, name).toBeDefined();
  });

  it('are secret where their name says so', () => {
    const named = all.filter(({ name }) =>
      /TOKEN|SECRET|_KEY$|PASSWORD|DATABASE_URL|HTTPS?_PROXY/.test(name),
    );
    expect(SECRETS).toEqual(expect.arrayContaining(named.map(({ name }) => name)));
  });
});

describe('.env.example and docs/settings.md', () => {
  it.each(Object.entries(settingsPages()))('%s is what npm run docs:settings makes', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('.env.example sets nothing, and each of its lines works once it is switched on', () => {
    const text = read('.env.example');
    expect(Object.values(parseEnv(text)).filter((value) => value !== '')).toEqual([]);
    const on = parseEnv(text.replace(/^# (?=[A-Z][A-Z0-9_]+=)/gm, ''));
    expect(Object.keys(on).toSorted()).toEqual(all.map(({ name }) => name).sort());
    expect(() => loadConfig({ ...on, ...needed })).not.toThrow();
  });

  it('the README shows those that people change, with the same words for the default', () => {
    const rows = [...read('README.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|([^|]*)\|/gm)];
    const shown = rows.map(([, name, standard]) => [name, standard?.trim()]);
    const common = all
      .filter((one) => one.common)
      .map(({ name, standard, otherwise }) => [name, standard ? `\`${standard}\`` : (otherwise ?? '')]);
    expect(shown.toSorted()).toEqual(common.toSorted());
  });
});
