import { expect, test, vi } from 'vitest';
import { DEFAULT_APP } from '../../../sandbox/slack/seed.ts';
import { freshSlack, refusal, webClient } from './start.ts';

const events = (slack: Awaited<ReturnType<typeof freshSlack>>, type: string) =>
  slack.deliveries.list.filter((delivery) => delivery.type === type);

test('conversations.join brings the bot into a public channel, and says when it is in already', async () => {
  const slack = await freshSlack();
  const web = webClient(slack);
  const { random = '', finance = '' } = slack.workspace.channels;
  const first = await web.conversations.join({ channel: random });
  expect(first).toMatchObject({ ok: true, channel: { id: random, is_member: true } });
  expect(first.warning).toBeUndefined();
  expect(await web.conversations.join({ channel: random })).toMatchObject({
    ...{ ok: true, warning: 'already_in_channel' },
    response_metadata: { warnings: ['already_in_channel'] },
  });
  expect(await refusal(web.conversations.join({ channel: finance }))).toBe(
    'method_not_supported_for_channel_type',
  );
  expect(await refusal(web.conversations.join({ channel: 'C0NOBODY' }))).toBe('channel_not_found');
  slack.as('anna').kick('finance');
  expect(await refusal(web.conversations.join({ channel: finance }))).toBe('channel_not_found');
});

test('it refuses an archived channel, and an app without the scope; after fifty a minute it asks to wait', async () => {
  const slack = await freshSlack({ limits: 'slack' });
  const web = webClient(slack);
  const { random = '' } = slack.workspace.channels;
  slack.archiveChannel('random');
  const codes: string[] = [];
  for (let n = 0; n < 50; n++) codes.push(await refusal(web.conversations.join({ channel: random })));
  expect(new Set(codes)).toEqual(new Set(['is_archived']));
  expect(await refusal(web.conversations.join({ channel: random }))).not.toBe('is_archived');

  const { manifest } = DEFAULT_APP;
  const bot = manifest.oauth_config?.scopes?.bot?.filter((scope) => scope !== 'channels:join') ?? [];
  const without = await freshSlack({
    app: { ...DEFAULT_APP, manifest: { ...manifest, oauth_config: { scopes: { bot } } } },
  });
  const channel = without.workspace.channels.random ?? '';
  const refused = await webClient(without)
    .conversations.join({ channel })
    .catch((error) => error.data);
  expect(refused).toMatchObject({ ok: false, error: 'missing_scope', needed: 'channels:join' });
});

test('a public channel that is made is told to the app, which is not in it; a private one is not', async () => {
  const slack = await freshSlack();
  const id = slack.as('anna').makeChannel('launch');
  slack.as('anna').makeChannel('secret', { isPrivate: true });
  await vi.waitFor(() => expect(events(slack, 'channel_created')).toHaveLength(1));
  const [told, ...others] = events(slack, 'channel_created');
  expect(others).toEqual([]);
  expect(told?.body.event).toMatchObject({
    channel: { id, name: 'launch', creator: slack.as('anna').id, is_channel: true, is_private: false },
  });
});

test('a channel of Slack Connect is marked, and so is who uploaded a file there', async () => {
  const slack = await freshSlack();
  const web = webClient(slack);
  const id = slack.as('anna').makeChannel('partners', { isShared: true });
  const { channels } = await web.conversations.list({ types: 'public_channel' });
  expect(channels?.find((one) => one.id === id)).toMatchObject({ is_shared: true, is_ext_shared: true });
  slack.grid('ben', { team_id: 'T0PARTNER' });
  const { files } = await slack.as('ben').share('general', { name: 'a.txt', content: 'a' });
  expect((await web.files.info({ file: files[0] as string })).file).toMatchObject({ user_team: 'T0PARTNER' });
});
