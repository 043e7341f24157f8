/** Every screen keeps Slack's limits with the longest names, and with every sentence 40 % longer. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { actions } from '../../src/blocks/kit/elements.ts';
import { expectMessage, expectView } from './block-kit-rules.ts';
import { longer } from './longest.ts';

const BLOCKS = resolve(import.meta.dirname, '../../src/blocks');
const sourcesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.ts'));

/** `file.function` for all functions of src/blocks that make a screen, or blocks or buttons of one. */
function screenMakers(): string[] {
  return sourcesIn(BLOCKS).flatMap((name) => {
    const source = readFileSync(join(BLOCKS, name), 'utf8');
    return source
      .split(/^export (?:async )?function /m)
      .slice(1)
      .filter((text) => {
        const made = /\)(?:: ([^\n]+?))? \{\n/.exec(text);
        return made?.[1] === undefined || /Screen|View|Block|Button|Overflow/.test(made[1]);
      })
      .map((text) => `${name.slice(0, -3)}.${/^\w+/.exec(text)?.[0]}`);
  });
}

function check(made: unknown): void {
  const { type, text, blocks } = made as { type?: string; text?: string; blocks?: unknown[] };
  if (Array.isArray(made)) checkBlocks(made);
  else if (blocks === undefined) checkBlocks([made]);
  else if (typeof text === 'string' && type === undefined) expectMessage({ text, blocks });
  else expectView(made);
}

/** Blocks of a screen, or buttons of one. */
function checkBlocks(parts: unknown[]): void {
  const isButtons = parts.some((part) => (part as { type: string }).type === 'button');
  const blocks = isButtons ? actions(parts as never) : parts;
  if (blocks.length > 0) expectMessage({ text: 'a part of a screen', blocks });
}

it('a function that makes a screen has its sample', async () => {
  const { SCREENS } = await import('./all-screens.ts');
  const sampled = Object.keys(SCREENS);
  expect(screenMakers().toSorted()).toEqual(sampled.toSorted());
});

it('sentences are made longer, also those that a function makes, and no other things', () => {
  const words = longer({
    a: 'Save',
    b: (n: number) => `${n} files`,
    c: { d: ['x'] },
    joined: () => 'as is',
    e: 7,
  });
  expect(words.a).toMatch(/^Save .{2}$/);
  expect(words.b(12)).toMatch(/^12 files .{4}$/);
  expect(words.c.d[0]).toMatch(/^x .$/);
  expect([words.joined(), words.e]).toEqual(['as is', 7]);
});

describe.each([
  ['as they are', false],
  ['40 % longer', true],
])('with the longest names, and sentences %s', (_, isLonger) => {
  let screens: Record<string, () => unknown[]> = {};
  const texts = join(BLOCKS, 'text');
  beforeAll(async () => {
    vi.resetModules();
    if (isLonger)
      for (const name of sourcesIn(texts))
        vi.doMock(join(texts, name), async (original) => longer({ ...(await original<object>()) }));
    screens = { ...(await import('./all-screens.ts')).SCREENS };
  });
  afterAll(() => {
    for (const name of sourcesIn(texts)) vi.doUnmock(join(texts, name));
    vi.resetModules();
  });

  it.each(screenMakers())('%s stays inside Slack’s limits', (name) => {
    const made = screens[name]?.() ?? [];
    expect(made.length).toBeGreaterThan(0);
    for (const one of made) check(one);
  });
});
