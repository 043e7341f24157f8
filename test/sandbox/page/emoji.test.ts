import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emojiOf } from '../../../sandbox/page/text/emoji.ts';

test('every emoji of the bot is shown as a character, not as its name', () => {
  const screens = join(import.meta.dirname, '../../../src/blocks');
  const names = globSync('**/*.ts', { cwd: screens }).flatMap((file) =>
    [...readFileSync(join(screens, file), 'utf8').matchAll(/:([a-z][a-z0-9_+-]+):/g)].map(([, name]) => name),
  );
  expect(names).toContain('technologist');
  expect(names.filter((name) => emojiOf(name as string) === null)).toEqual([]);
});
