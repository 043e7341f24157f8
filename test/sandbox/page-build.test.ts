import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPage } from '../../sandbox/page-build.ts';

test('builds the page once, keeps no older builds, and loads nothing from elsewhere', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'vault-build-'));
  try {
    await mkdir(join(cache, 'an-older-page'));
    const folder = await buildPage(cache);
    expect(await readdir(cache)).toEqual([folder.slice(cache.length + 1)]);
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    expect(html).toMatch(/src="\/assets\/[\w-]+\.js"/);
    for (const name of await readdir(join(folder, 'assets'))) {
      const text = await readFile(join(folder, 'assets', name), 'utf8');
      expect(text).not.toMatch(/@import|url\(["']?https?:|import\(["']https?:/);
    }
    expect(await buildPage(cache)).toBe(folder);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}, 60_000);
