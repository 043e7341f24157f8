import { expect, test } from 'vitest';
import { freshSlack, refusal, webClient } from './start.ts';

const link = 'https://slack.com/app_redirect?app=A1&team=T1';

async function opened() {
  const slack = await freshSlack();
  const web = webClient(slack);
  const { general = '', random = '' } = slack.workspace.channels;
  return { slack, web, channel_id: general, random };
}

test('a bookmark is added, listed, changed, shown on the page and removed', async () => {
  const { slack, web, channel_id } = await opened();
  const { bookmark } = await web.bookmarks.add({
    channel_id,
    title: 'Files',
    type: 'link',
    link,
    emoji: ':tada:',
  });
  expect(bookmark).toMatchObject({
    channel_id,
    title: 'Files',
    type: 'link',
    link,
    emoji: ':tada:',
    date_updated: 0,
  });
  const id = bookmark?.id as string;
  expect(id).toMatch(/^Bk/);
  expect((await web.bookmarks.list({ channel_id })).bookmarks?.map((one) => one.id)).toEqual([id]);
  await web.bookmarks.edit({ channel_id, bookmark_id: id, title: 'All files' });
  const shown = slack.as('anna').workspace();
  expect(shown.channels.find((one) => one.id === channel_id)?.bookmarks).toEqual([
    { id, title: 'All files', link, emoji: ':tada:' },
  ]);
  await web.bookmarks.remove({ channel_id, bookmark_id: id });
  expect((await web.bookmarks.list({ channel_id })).bookmarks).toEqual([]);
});

test.each([
  ['a link that is not http(s)', { link: 'slack://app?id=A1' }, 'invalid_link'],
  ['no link', { link: undefined }, 'invalid_link'],
  ['another type', { type: 'message' }, 'invalid_bookmark_type'],
  ['an emoji without colons', { emoji: 'tada' }, 'invalid_emoji'],
  ['an unknown channel', { channel_id: 'C0NOBODY' }, 'channel_not_found'],
])('Slack refuses %s', async (_, given, code) => {
  const { web, channel_id } = await opened();
  const asked = { channel_id, title: 'Files', type: 'link', link, ...given } as never;
  expect(await refusal(web.bookmarks.add(asked))).toBe(code);
});

test('Slack refuses what is not there, a channel without the bot, and the bookmark after the hundredth', async () => {
  const { web, channel_id, random } = await opened();
  expect(await refusal(web.bookmarks.remove({ channel_id, bookmark_id: 'Bk0' }))).toBe('not_found');
  const add = (id: string) => web.bookmarks.add({ channel_id: id, title: 'Files', type: 'link', link });
  expect(await refusal(add(random))).toBe('permission_denied');
  for (let n = 0; n < 100; n++) await add(channel_id);
  expect(await refusal(add(channel_id))).toBe('too_many_bookmarks');
});

test('an app without the scopes is told which one it needs', async () => {
  const { slack, web, channel_id } = await opened();
  const { scopes } = slack.app.manifest.oauth_config as { scopes: { bot: string[] } };
  scopes.bot = scopes.bot.filter((scope) => !scope.startsWith('bookmarks:'));
  expect(await refusal(web.bookmarks.list({ channel_id }))).toBe('missing_scope');
});
