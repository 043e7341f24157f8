import type { Check } from '../check.ts';
import { okay } from '../slack/web.ts';
import { earsOf } from '../stage.ts';

/** A token that Slack gives to nobody. */
const NO_TOKEN = 'xoxb-rehearsal-is-no-token';

/** Who we are, and how the line to Slack opens. */
export const connection: Check[] = [
  {
    id: 'slack.auth',
    title: 'asks Slack who the bot is',
    async run({ self }, see) {
      see('answer', self.answer);
    },
  },
  {
    id: 'slack.bad-token',
    title: 'shows Slack a token that is none',
    async run({ call }, see) {
      see('answer', await call('auth.test', {}, { token: NO_TOKEN }));
    },
  },
  {
    id: 'slack.unknown-method',
    title: 'asks for a method that Slack does not have',
    async run({ call }, see) {
      see('answer', await call('rehearsal.noSuchMethod'));
    },
  },
  {
    id: 'slack.sockets',
    title: 'opens a line for Socket Mode',
    needs: { ears: true },
    async run(stage, see) {
      const { opened, hello } = earsOf(stage);
      see('answer', opened);
      see('hello', { body: hello });
    },
  },
  {
    id: 'channel.info',
    title: 'looks at the test channel',
    needs: { scopes: ['channels:read'] },
    async run({ call, channel }, see) {
      see('answer', await call('conversations.info', { channel, include_num_members: true }));
    },
  },
  {
    id: 'channel.mine',
    title: 'lists the conversations that the bot is in',
    needs: { scopes: ['channels:read', 'groups:read'] },
    async run({ call }, see) {
      const types = 'public_channel,private_channel';
      see('answer', await call('users.conversations', { types, limit: 200, exclude_archived: true }));
    },
  },
  {
    id: 'channel.list',
    title: 'lists public channels, two at a time',
    needs: { scopes: ['channels:read'] },
    async run({ call }, see) {
      see('answer', await call('conversations.list', { types: 'public_channel', limit: 2 }));
    },
  },
  {
    id: 'channel.members',
    title: 'lists who is in the test channel',
    needs: { scopes: ['channels:read'] },
    async run({ call, channel }, see) {
      see('answer', await call('conversations.members', { channel, limit: 200 }));
    },
  },
  {
    id: 'channel.unknown',
    title: 'asks for a channel that is not there',
    needs: { scopes: ['channels:read'] },
    async run({ call }, see) {
      see('answer', await call('conversations.info', { channel: 'C00000000' }));
    },
  },
  {
    id: 'person.info',
    title: 'looks at the bot and at somebody in the channel',
    needs: { scopes: ['users:read', 'channels:read'] },
    async run({ call, channel, self }, see) {
      const { body } = okay(
        'conversations.members',
        await call('conversations.members', { channel, limit: 200 }),
      );
      see('bot', await call('users.info', { user: self.userId }));
      const members = Array.isArray(body.members) ? body.members : [];
      const somebody = members.find((id: unknown) => id !== self.userId);
      if (somebody !== undefined) see('person', await call('users.info', { user: somebody }));
    },
  },
  {
    id: 'person.unknown',
    title: 'asks for somebody who is not there',
    needs: { scopes: ['users:read'] },
    async run({ call }, see) {
      see('answer', await call('users.info', { user: 'U00000000' }));
    },
  },
  {
    id: 'person.list',
    title: 'lists people, two at a time',
    needs: { scopes: ['users:read'] },
    async run({ call }, see) {
      see('answer', await call('users.list', { limit: 2 }));
    },
  },
  {
    id: 'view.late',
    title: 'opens a modal with a trigger that is none',
    async run({ call }, see) {
      const view = { type: 'modal', title: { type: 'plain_text', text: 'Rehearsal' }, blocks: [] };
      see('answer', await call('views.open', { trigger_id: '1.2.3', view }));
    },
  },
];
