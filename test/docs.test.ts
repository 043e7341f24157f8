/** The documentation names what exists, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const VARIABLE = /\b(?:(?:VAULT|SLACK|DATABASE)_[A-Z0-9_]+|PORT|HOST)\b/g;

/** What src/config.ts reads: every variable name that is in quotes there. */
const settings = new Set(
  [...read('src/config.ts').matchAll(/'([A-Z][A-Z0-9_]+)'/g)].map(([, name]) => name as string),
);
const table = read('README.md')
  .split('\n')
  .filter((line) => /^\| `[A-Z]/.test(line));
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...readdirSync(new URL('../docs', import.meta.url))
    .filter((one) => one.endsWith('.md'))
    .map((one) => `docs/${one}`),
];
const inTable = new Set(table.flatMap((line) => line.split('|')[1]?.match(VARIABLE) ?? []));

describe('the documentation', () => {
  it('lists every setting in the README’s table, and no other', () => {
    expect(settings.size).toBeGreaterThan(20);
    expect([...inTable].sort()).toEqual([...settings].sort());
  });

  it('gives for each number the default that the code uses', () => {
    const config = read('src/config.ts');
    for (const [, name, standard] of config.matchAll(/wholeNumber\(env, '([A-Z_]+)', ([0-9_]+),/g)) {
      const line = table.find((one) => one.includes(`\`${name}\``));
      expect(line, name).toContain(`\`${(standard as string).replaceAll('_', '')}\``);
    }
  });

  it('shows every room of the code in the README’s tree, and no other', () => {
    const rooms = readdirSync(new URL('../src', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `src/${name}/`);
    const shown = [...read('README.md').matchAll(/(?:^|\s{2,})(src\/[a-z]+\/)(?=\s{2,})/gm)].map(
      ([, name]) => name,
    );
    expect(shown.sort()).toEqual(rooms.sort());
  });

  it('names no variable that nothing reads', () => {
    for (const path of documents) {
      for (const name of read(path).match(/\b(?:VAULT|SLACK|DATABASE)_[A-Z0-9_]+\b/g) ?? [])
        expect(settings, `${path}: ${name}`).toContain(name);
    }
  });

  it('points to files that are there', () => {
    for (const path of documents) {
      for (const [, target] of read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        const place = new URL(target as string, new URL(`../${path}`, import.meta.url));
        expect(() => readFileSync(place), `${path}: ${target}`).not.toThrow();
      }
    }
  });

  it('names the Node that package.json names, and only scripts that are there', () => {
    const { engines, scripts } = JSON.parse(read('package.json'));
    const [, oldest] = /^>=(\d+)$/.exec(engines.node) ?? [];
    for (const path of ['README.md', 'CONTRIBUTING.md'])
      expect(read(path), path).toContain(`Node ${oldest} or newer with npm`);
    for (const path of documents)
      for (const [, name] of read(path).matchAll(/\bnpm run ([a-z][\w:-]*)/g))
        expect(Object.keys(scripts), `${path}: npm run ${name}`).toContain(name);
  });
});
