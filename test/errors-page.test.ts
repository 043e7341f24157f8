import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../tools/errors-page.ts';
import { readRefusals } from '../tools/refusals.ts';
import { REMEDIES } from '../tools/remedies.ts';

describe('docs/errors.md', () => {
  it('says what src/refusals says now (npm run docs:errors writes it)', async () => {
    const page = readFileSync(resolve(import.meta.dirname, '../docs/errors.md'), 'utf8');
    expect(page).toBe(await errorsPage());
  });

  it('every refusal has a code and a whole sentence', async () => {
    const refusals = await readRefusals();
    expect(refusals.length).toBeGreaterThan(5);
    const codes = refusals.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(Object.keys(REMEDIES)));
    for (const { code, sentence, topic, factory } of refusals) {
      expect(code, `${topic} ${factory}`).toMatch(/^[a-z][a-z0-9_]+$/);
      expect(sentence, `${topic} ${factory}`).toMatch(/[.?!`›]$/);
      expect(sentence, `${topic} ${factory}`).not.toMatch(/undefined|NaN|\[object|=>/);
    }
  });
});
