import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

/** Those that `npm run` starts. */
const commands = readdirSync('src/cli').filter((file) =>
  readFileSync(`src/cli/${file}`, 'utf8').startsWith('/** `npm run '),
);

it('knows the command lines', () => {
  expect(commands.length).toBeGreaterThanOrEqual(11);
});

it.each(commands)('%s ends without a word when nobody reads what it says', async (file) => {
  const child = spawn(process.execPath, [`src/cli/${file}`, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  // As `| true` does, long before it says anything.
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(said).toBe('');
  // One ends before it learns that nobody reads.
  expect([0, 141]).toContain(code);
});
