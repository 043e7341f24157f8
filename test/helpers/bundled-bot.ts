import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = resolve(import.meta.dirname, '../..');
const MAIN = join(root, 'src/main.ts');

/**
 * Tests start the bot some 250 times, and two thirds of a start is the loading of 1,700 modules one by one. So most of
 * them start it from a bundle of the same sources. The tests of the start, of the command lines, of the sandbox and of
 * the image start the sources as they are.
 */
export default async function setUp(): Promise<() => void> {
  const dir = join(root, 'node_modules/.cache/ria-vault-tests', String(process.pid));
  await bundleBot(dir);
  // The processes of the tests inherit it. See from-sources.ts.
  process.env.BUNDLED_BOT = join(dir, 'main.js');
  return () => rmSync(dir, { recursive: true, force: true });
}

async function bundleBot(dir: string): Promise<void> {
  const bundle = await rolldown({
    input: MAIN,
    cwd: root,
    platform: 'node',
    logLevel: 'silent',
    // Native code is loaded from where it is; the sandbox is no part of the bot.
    external: [/\.node$/, /\/sandbox\//, '@resvg/resvg-js', 'pg-native'],
    plugins: [{ name: 'own-places', transform: { filter: { id: /\/src\// }, handler: withOwnPlaces } }],
  });
  await bundle.write({ dir, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
  await bundle.close();
}

/** What a source file asks of its own place stays true, although it is in another file now. */
function withOwnPlaces(code: string, id: string): string | undefined {
  if (!code.includes('import.meta.')) return undefined;
  return code
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
    .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)));
}
