import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('./page/', import.meta.url));
/** What goes into the page from `node_modules`; another version means another page. */
const PACKAGES = ['react', 'react-dom', 'slack-blocks-to-jsx', 'vite'];

/**
 * Builds the page into a folder under `cacheDir` and returns that folder. A page whose sources have not changed
 * since it was built is used as it is. Needs no network.
 */
export async function buildPage(cacheDir: string): Promise<string> {
  const folder = join(cacheDir, await fingerprint());
  await mkdir(cacheDir, { recursive: true });
  const before = await readdir(cacheDir);
  if (before.includes(folder.slice(cacheDir.length + 1))) return folder;

  // Loaded only if there is something to build: it is by far the largest part of the sandbox.
  const { build } = await import('vite');
  const unfinished = `${folder}.${process.pid}`;
  await build({
    root: SOURCES,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    build: { outDir: unfinished, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 4096 },
  });
  // Renamed when complete, so that an interrupted build is never taken for a page.
  await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(unfinished, { recursive: true, force: true });
  });
  for (const name of before) await rm(join(cacheDir, name), { recursive: true, force: true });
  return folder;
}

/** A short name for exactly these sources and packages. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(SOURCES, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const name of names) hash.update(`${name.slice(SOURCES.length)}\0`).update(await readFile(name));
  const require = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    const found = require.resolve
      .paths(name)
      ?.map((folder) => readFile(join(folder, name, 'package.json'), 'utf8').catch(() => null));
    const texts = await Promise.all(found ?? []);
    const text = texts.find((one) => one !== null);
    hash.update(`${name}@${text ? (JSON.parse(text) as { version: string }).version : 'none'}\0`);
  }
  return hash.digest('hex').slice(0, 16);
}
