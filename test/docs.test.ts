/** The documentation names what exists, and nothing else. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../src/catalog/migrations/index.ts';
import { SECRETS, SETTINGS } from '../src/settings.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const SETTING = /\b(?:VAULT|SLACK|DATABASE)_[A-Z0-9_]+\b/g;
/** Settings, the files of secrets, and what Slack's command line hands over. */
const settings = new Set([
  ...SETTINGS.flatMap((topic) => topic.settings.map(({ name }) => name)),
  ...SECRETS.map((name) => `${name}_FILE`),
  ...['SLACK_CLI_XOXB', 'SLACK_CLI_XAPP'],
]);
const page = (name: string) => `docs/${name}.md`;
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'UPGRADING.md', 'deploy/README.md'],
  ...readdirSync(new URL('../docs', import.meta.url))
    .filter((one) => one.endsWith('.md'))
    .map((one) => `docs/${one}`),
];

describe('the documentation', () => {
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
      for (const name of read(path).match(SETTING) ?? [])
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

  it('points to headings that are there', () => {
    // As GitHub makes a heading's anchor: in lower case, without signs, with dashes for spaces.
    const anchorOf = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-');
    for (const path of documents) {
      for (const [, file, anchor] of read(path).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)) {
        const place = file ? new URL(file, `file:///${path}`).pathname.slice(1) : path;
        if (!place.endsWith('.md')) continue;
        const headings = [...read(place).matchAll(/^#+ (.+)$/gm)].map(([, one]) => anchorOf(one as string));
        expect(headings, `${path}: ${file}#${anchor}`).toContain(anchor);
      }
    }
  });

  it('quotes lines of the log that the bot writes', () => {
    const source = globSync('src/**/*.ts', { cwd: new URL('..', import.meta.url) })
      .map((path) => read(path))
      .join('\n');
    const pages = [
      'UPGRADING.md',
      ...['alerts', 'backup', 'doctor', 'operations', 'postgresql', 'rebuild'].map(page),
    ];
    const quoted = pages.flatMap((path) =>
      [...read(path).matchAll(/`([A-Za-z][a-z’']*(?: [a-z’']+){2,})`/g)].map(
        ([, words]) => `${words} (${path})`,
      ),
    );
    const lines = quoted.filter((words) => !/^(npm|docker|podman|kubectl|git) /.test(words));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(source, line).toContain(line.replace(/ \([^)]*\)$/, ''));
  });

  it('begins in the README, which links every page', () => {
    for (const path of documents.filter((one) => one.startsWith('docs/')))
      expect(read('README.md')).toContain(`](${path}`);
  });

  it('names one version: in the changelog, package.json, the image and what Kubernetes starts', () => {
    const [, released] = /^## (\d+\.\d+\.\d+) \(/m.exec(read('CHANGELOG.md')) ?? [];
    const { version } = JSON.parse(read('package.json'));
    const overlays = ['sqlite', 'postgresql'].map((name) =>
      read(`deploy/kubernetes/overlays/${name}/kustomization.yaml`),
    );
    expect([version, JSON.parse(read('package-lock.json')).version]).toEqual([released, released]);
    expect(read('deploy/Dockerfile')).toContain(`ARG VERSION=${released}`);
    for (const overlay of overlays) expect(overlay).toContain(`newTag: ${released}`);
  });

  it('says in the changelog which schema is the newest', () => {
    const [, first] = /^Schema `(\w+)`/m.exec(read('CHANGELOG.md')) ?? [];
    expect(first).toBe(Object.keys(MIGRATIONS).at(-1));
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
