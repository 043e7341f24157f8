// @slow: random names.
/** What must hold for any input: pages, timestamps, file names, mentions. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argsOf, paged } from '../../../sandbox/slack/api/call.ts';
import { tsSource } from '../../../sandbox/slack/ids.ts';
import { freshSlack, webClient } from './start.ts';

test('the pages of a list, joined together, are the whole list', () => {
  const lists = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 });
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 50 }), (list, limit) => {
      const seen: string[] = [];
      let cursor = '';
      do {
        const options = { fallback: 10, most: 50, key: (item: string) => item };
        const answer = paged(list, argsOf({ limit: String(limit), cursor }), options);
        expect(answer.page.length).toBeLessThanOrEqual(limit);
        seen.push(...answer.page);
        cursor = answer.next_cursor;
      } while (cursor !== '');
      expect(seen).toEqual(list);
    }),
  );
});

test('timestamps only grow, wherever they begin', () => {
  const stamps = fc.tuple(fc.integer({ min: 1, max: 4_000_000_000 }), fc.integer({ min: 0, max: 999_999 }));
  fc.assert(
    fc.property(stamps, ([whole, part]) => {
      const last = `${String(whole).padStart(10, '0')}.${String(part).padStart(6, '0')}`;
      const next = tsSource(last);
      const made = [last, next(), next(), next()];
      expect(made).toEqual([...new Set(made)].sort());
      expect(made.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
    }),
  );
});

test('a file of any name is shared, described and downloaded under that name', async () => {
  const slack = await freshSlack();
  const web = webClient(slack);
  const names = fc.oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.constantFrom(
      '../../etc/passwd',
      'a/b.png',
      'CON',
      '..',
      '\u202e.exe',
      "it's (1)*.pdf",
      'ünï.',
      '%2e%2e',
    ),
  );
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      const { files } = await slack.as('anna').share('general', { name, content: name });
      const { file } = await web.files.info({ file: files[0] ?? '' });
      expect(file?.name).toBe(name);
      const headers = { authorization: `Bearer ${slack.app.botToken}` };
      const answer = await fetch(file?.url_private_download ?? '', { headers });
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(name));
      const told = /filename\*=UTF-8''(.*)$/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
      expect(decodeURIComponent(told ?? '')).toBe(name);
    }),
    { numRuns: 60 },
  );
});
