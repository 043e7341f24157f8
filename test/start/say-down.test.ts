import { expect, it } from 'vitest';
import { databaseWord } from '../../src/catalog/db/error-word.ts';
import { sayDown } from '../../src/start/say-down.ts';

it.each([
  ['database', 'disk_full', /disk .* full\. Make room/],
  ['database', 'catalog_read_only', /read but not written/],
  ['database', 'catalog_gone', /put them back/],
  ['database', 'ECONNREFUSED', /does not answer\. The bot goes on by itself/],
  ['database', '57P03', /does not answer/],
  ['database', '28P01', /refuses the bot’s user or password\. Correct DATABASE_URL/],
  ['database', 'timeout', /The database has not answered in time/],
  ['slack', 'token_revoked', /refuses the bot’s token \(token_revoked\)\. Install the app again/],
  ['slack', 'account_inactive', /refuses the bot’s token/],
  ['slack', 'not connected', /No connection to Slack is open/],
  ['slack', 'http_503', /Slack does not answer \(http_503\)/],
  ['bucket', 'bucket_unreachable', /The bucket does not answer\..*written down, and saved afterwards/],
  ['bucket', 'bucket_forbidden', /policy of its key/],
  ['bucket', 'starting', /it is starting/],
])('%s, %s: what is wrong and what to do', (part, code, words) => {
  expect(sayDown(part, code)).toMatch(words);
});

it('a word that nobody foresaw is said, and the log named', () => {
  for (const part of ['database', 'bucket'])
    expect(sayDown(part, 'XX000')).toMatch(/cannot be used \(XX000\)\. The bot’s log says more/);
});

it('has the same word for the same trouble on SQLite and PostgreSQL', () => {
  const sqlite = (errcode: number) => Object.assign(new Error('no'), { code: 'ERR_SQLITE_ERROR', errcode });
  const postgres = (code: string) => Object.assign(new Error('no'), { code });
  // 1544: SQLITE_READONLY_DIRECTORY; 13: SQLITE_FULL; 778: SQLITE_IOERR_WRITE.
  expect([1544, 13, 778].map((code) => databaseWord(sqlite(code)))).toEqual([
    ...['catalog_read_only', 'disk_full', 'disk_failed'],
  ]);
  expect(['25006', '53100', '40001'].map((code) => databaseWord(postgres(code)))).toEqual([
    ...['catalog_read_only', 'disk_full', '40001'],
  ]);
  expect(databaseWord(sqlite(19))).toBe('ERR_SQLITE_ERROR');
});
