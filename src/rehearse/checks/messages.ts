import type { Check } from '../check.ts';
import { postMessage } from '../slack/post.ts';
import { okay } from '../slack/web.ts';
import { earsOf, says } from '../stage.ts';
import { delivered } from './delivered.ts';

/** What the bot writes, and what it hears of that. */
export const messages: Check[] = [
  {
    id: 'message.post',
    title: 'posts a message with a button and metadata',
    needs: { scopes: ['chat:write'] },
    async run(stage, see) {
      const { answer, ts } = await postMessage(stage, 'message.post', {
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: `Rehearsal ${stage.mark} message.post` } },
          {
            type: 'actions',
            elements: [
              {
                type: 'button',
                action_id: 'rehearsal_button',
                value: 'rehearsal',
                text: { type: 'plain_text', text: 'Rehearsal' },
              },
            ],
          },
        ],
        metadata: { event_type: 'ria_vault_rehearsal', event_payload: { about: 'rehearsal' } },
      });
      see('answer', answer);
      stage.shared.message = ts;
    },
  },
  {
    id: 'message.heard',
    title: 'hears of its own message',
    needs: { scopes: ['chat:write'], ears: true },
    async run(stage, see) {
      const ears = earsOf(stage);
      const mark = ears.heard.length;
      await postMessage(stage, 'message.heard');
      delivered(
        see,
        await ears.after(mark, 'the event of a message', (one) => says(one, `${stage.mark} message.heard`)),
      );
    },
  },
  {
    id: 'message.edit',
    title: 'edits a message and hears of it',
    needs: { scopes: ['chat:write'] },
    async run(stage, see) {
      const { ts } = await postMessage(stage, 'message.edit');
      const mark = stage.ears?.heard.length ?? 0;
      const text = `Rehearsal ${stage.mark} message.edited`;
      see('answer', await stage.call('chat.update', { channel: stage.channel, ts, text }));
      if (stage.ears === null) return;
      const fits = (one: object) => says(one, `${stage.mark} message.edited`);
      delivered(see, await stage.ears.after(mark, 'the event of an edit', fits));
    },
  },
  {
    id: 'message.thread',
    title: 'answers in a thread, hears of it and reads it back',
    needs: { scopes: ['chat:write', 'channels:history'] },
    async run(stage, see) {
      const { ts } = await postMessage(stage, 'message.parent');
      const mark = stage.ears?.heard.length ?? 0;
      const reply = await postMessage(stage, 'message.reply', { thread_ts: ts });
      see('answer', reply.answer);
      see('replies', await stage.call('conversations.replies', { channel: stage.channel, ts, limit: 10 }));
      if (stage.ears === null) return;
      const fits = (one: object) => says(one, `${stage.mark} message.reply`);
      delivered(see, await stage.ears.after(mark, 'the event of a reply', fits));
    },
  },
  {
    id: 'message.lost-parent',
    title: 'answers to a message that is gone',
    needs: { scopes: ['chat:write'] },
    async run(stage, see) {
      const { ts, entry } = await postMessage(stage, 'message.gone');
      okay('chat.delete', await stage.call('chat.delete', { channel: stage.channel, ts }));
      entry.done();
      const { answer } = await postMessage(stage, 'message.orphan', { thread_ts: ts });
      const inThread = answer.body?.message?.thread_ts !== undefined;
      see('answer', { ...answer, facts: { 'stands in a thread': inThread ? 'yes' : 'no' } });
    },
  },
  {
    id: 'message.no-thread',
    title: 'reads a thread that is not there',
    needs: { scopes: ['channels:history'] },
    async run({ call, channel }, see) {
      see('answer', await call('conversations.replies', { channel, ts: '1000000000.000001' }));
    },
  },
  {
    id: 'message.react',
    title: 'sets a reaction, twice',
    needs: { scopes: ['chat:write', 'reactions:write'] },
    async run(stage, see) {
      const { ts: timestamp } = await postMessage(stage, 'message.react');
      const args = { channel: stage.channel, timestamp, name: 'file_cabinet' };
      see('answer', await stage.call('reactions.add', args));
      see('again', await stage.call('reactions.add', args));
    },
  },
  {
    id: 'message.history',
    title: 'reads its own message back, with metadata',
    needs: { scopes: ['chat:write', 'channels:history'] },
    async run(stage, see) {
      const metadata = { event_type: 'ria_vault_rehearsal', event_payload: { about: 'rehearsal' } };
      const { ts } = await postMessage(stage, 'message.history', { metadata });
      const bounds = { oldest: ts, latest: ts, inclusive: true, limit: 1, include_all_metadata: true };
      see('answer', await stage.call('conversations.history', { channel: stage.channel, ...bounds }));
    },
  },
  {
    id: 'message.delete',
    title: 'deletes a message twice and hears of it',
    needs: { scopes: ['chat:write'] },
    async run(stage, see) {
      const { ts, entry } = await postMessage(stage, 'message.delete');
      const mark = stage.ears?.heard.length ?? 0;
      const args = { channel: stage.channel, ts };
      const answer = await stage.call('chat.delete', args);
      see('answer', answer);
      if (answer.body?.ok === true) entry.done();
      see('again', await stage.call('chat.delete', args));
      if (stage.ears === null) return;
      const fits = (one: object) => says(one, 'message_deleted', `${stage.mark} message.delete`);
      delivered(see, await stage.ears.after(mark, 'the event of a deletion', fits));
    },
  },
  {
    id: 'message.bad-blocks',
    title: 'posts blocks that Slack must refuse',
    needs: { scopes: ['chat:write'] },
    async run({ call, channel }, see) {
      const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }];
      see('answer', await call('chat.postMessage', { channel, text: 'Rehearsal', blocks }));
    },
  },
  {
    id: 'message.ephemeral',
    title: 'shows somebody a message that only they see',
    needs: { scopes: ['chat:write', 'channels:read'], person: true },
    async run({ call, channel, self, mark }, see) {
      const { body } = okay('conversations.members', await call('conversations.members', { channel }));
      const user = body.members.find((id: unknown) => id !== self.userId);
      const text = `Rehearsal ${mark}: only you see this. It goes by itself.`;
      see('answer', await call('chat.postEphemeral', { channel, user, text }));
    },
  },
  {
    id: 'message.unanswered',
    title: 'leaves a delivery unanswered, and gets it again',
    needs: { scopes: ['chat:write'], ears: true },
    withinMs: 150_000,
    async run(stage, see) {
      const ears = earsOf(stage);
      const words = `${stage.mark} message.unanswered`;
      const mark = ears.heard.length;
      const answerAgain = ears.ignore((one) => says(one, words));
      try {
        await postMessage(stage, 'message.unanswered');
        const [first] = await ears.after(mark, 'the event of a message', (one) => says(one, words));
        answerAgain();
        // Slack sends it again at once, and after a minute.
        const isAgain = (one: object) => one !== first && says(one, words);
        const again = await ears.after(mark, 'the second delivery', isAgain, stage.againMs);
        see('again', ...again.map((body) => ({ body })));
      } finally {
        answerAgain();
      }
    },
  },
];
