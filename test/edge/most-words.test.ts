import { describe, expect, it } from 'vitest';
import { rulesSave } from '../../src/actions/channel-rules.ts';
import { holdSet } from '../../src/actions/holds.ts';
import { upload } from '../../src/actions/upload.ts';
import { decodeCursor, decodeSought } from '../../src/blocks/kit/cursor.ts';
import { UserError } from '../../src/errors.ts';
import { parseAuditFilter } from '../../src/vault/audit-filter.ts';
import type { Vault } from '../../src/vault/context.ts';
import { filterWords, unquoted, withFilter } from '../../src/vault/query/filter.ts';
import { parseFilter } from '../vault/query/strict.ts';

const asked = { now: Date.UTC(2026, 10, 23), timeZoneOffset: 0 };
const parse = (text: string) => parseFilter(text, asked);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).code;
  }
  return 'none';
}

const different = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(' ');
/** More than a thousand words of one letter: the same one, all there are, in quotes, as a filter. */
const letters = Array.from({ length: 1_100 }, (_, i) => String.fromCharCode(97 + (i % 26))).join(' ');
const ENDLESS = [letters, 'a '.repeat(1_100), `"${letters}"`, `‘${letters}’`, 'type:a '.repeat(1_100)];

describe('how much is looked for at once', () => {
  it('twelve different words, and the thirteenth ends in a sentence', () => {
    expect(parse(different(12)).text).toBe(different(12));
    expect(() => parse(different(13))).toThrow(/Too many words: use up to 12 different ones/);
    expect(codeOf(() => unquoted(different(13)))).toBe('too_many_words');
    expect(codeOf(() => parse(`"${different(7)}" ${different(13)} type:pdf`))).toBe('too_many_words');
  });

  it('the same word counts once, whatever its case and accents, and filters are no words', () => {
    const same = `${different(11)} Zürich zurich ZÜRICH W0 ｗ１ type:pdf after:7d size:>1mb`;
    expect(parse(same).text).toContain('Zürich');
  });

  it.each(ENDLESS)('more than a thousand words end in a sentence: %.20s', (text) => {
    for (const read of [
      () => parse(text),
      () => unquoted(text),
      () => filterWords(text, 'words'),
      () => withFilter('', 'type', '') + withFilter(text, 'words', 'x'),
      () => parseAuditFilter(text, asked),
    ])
      expect(codeOf(read)).toMatch(/^too_(many_words|long)$/);
  });

  it('so does one word without an end', () => {
    expect(codeOf(() => parse('x'.repeat(60_000)))).toBe('too_long');
  });

  it('twenty types, and more end in a sentence', () => {
    const types = (count: number) => `type:${Array.from({ length: count }, (_, i) => `t${i}`).join(',')}`;
    expect(parse(types(20)).types).toHaveLength(20);
    expect(codeOf(() => parse(types(21)))).toBe('too_many_types');
  });

  it.each(['\0', 'a\0b', '"a\0"', 'type:p\0f', 'from:\0', 'after:\0', 'size:\0', 'in:\0'])(
    'a NUL ends in a sentence: %j',
    (text) => {
      for (const read of [() => parse(text), () => unquoted(text), () => parseAuditFilter(text, asked)])
        expect(codeOf(read)).toBe('unreadable_character');
    },
  );
});

describe('what comes back from buttons and forms', () => {
  const encoded = (...fields: unknown[]) => Buffer.from(JSON.stringify(fields)).toString('base64url');

  it('a cursor with a NUL is none; in its words it ends in a sentence', () => {
    expect(decodeCursor(encoded('C\0', '', 'older', 1, 'F1', 0))).toBeNull();
    expect(decodeSought(`find:${encoded('C\0', '')}`)).toBeNull();
    const page = decodeCursor(encoded('', 'a\0', 'older', 1, 'F1', 0));
    expect(codeOf(() => parse(page?.query ?? ''))).toBe('unreadable_character');
  });

  const text = (value: string) => ({ value: { value } });

  it('a hold’s reason is as long as the form lets it be, and has no NUL', () => {
    const check = (values: Record<string, string>) => {
      const fields = Object.entries(values).map(([block, value]) => [block, text(value)]);
      return holdSet.check?.({
        userId: 'U1',
        viewId: 'V1',
        metadata: '',
        values: Object.fromEntries(fields),
      });
    };
    expect(check({ person: 'U1', reason: 'Case 12' })).toBeNull();
    expect(check({ person: 'U1', reason: letters })).toHaveProperty('reason');
    expect(check({ person: 'U1', reason: 'a\0' })).toHaveProperty('reason');
    for (const block of ['person', 'channel', 'file', 'from', 'until']) {
      for (const hostile of ['a\0', letters]) expect(check({ [block]: hostile })).toHaveProperty(block);
    }
  });

  it('a channel’s types are a hundred at most', () => {
    const check = (types: string) =>
      rulesSave.check?.({ userId: 'U1', viewId: 'V1', metadata: '', values: { types: text(types) } });
    expect(check('exe zip')).toBeNull();
    for (const hostile of [letters, 'a '.repeat(1_100), 'p\0f'])
      expect(check(hostile)).toHaveProperty('types');
  });

  it('more files than the upload form takes end in a sentence', async () => {
    const files = Array.from({ length: 11 }, (_, i) => ({ id: `F${i}` }));
    const submitted = { userId: 'U1', viewId: 'V1', metadata: '', values: { files: { files: { files } } } };
    await expect(upload.run({} as Vault, submitted)).rejects.toMatchObject({ code: 'too_many_files' });
  });
});
