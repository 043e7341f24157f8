import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SandboxSlack } from '../../sandbox/slack/server.ts';
import { START, UnreadableError, walkOn } from '../../src/capture/walk.ts';
import type { Sighting } from '../../src/catalog/model.ts';
import type { Log } from '../../src/log.ts';
import { createSlackApi, type SlackApi } from '../../src/slack/api.ts';
import { ownConversations } from '../../src/slack/conversations.ts';
import { slackHistory } from '../../src/slack/history.ts';
import { freshSlack } from '../sandbox/slack/start.ts';

const quiet = { info() {}, warn() {}, error() {}, debug() {}, child: () => quiet } as unknown as Log;
const apiOf = (slack: SandboxSlack) =>
  createSlackApi({ token: slack.app.botToken, apiUrl: slack.apiUrl, log: quiet });

/** Walks through a whole channel; returns what it saw. */
async function walk(api: SlackApi, slack: SandboxSlack, channel: string, pageSize: number, oldest = 0) {
  const source = slackHistory({ api, teamId: slack.workspace.teamId, pageSize });
  const seen: Sighting[] = [];
  for (let at: typeof START | null = START; at !== null; ) {
    const step: Awaited<ReturnType<typeof walkOn>> = await walkOn(source, channel, oldest, at);
    seen.push(...step.found);
    at = step.next;
  }
  return seen;
}

const file = (name: string) => ({ name, content: name });

/** A Slack that answers every call with the same. */
const answering = (answers: Record<string, unknown>) =>
  ({ call: async (method: string) => answers[method] ?? {} }) as unknown as SlackApi;

describe('history, as Slack tells it', () => {
  it.each([1, 3, 200])(
    'is read whole with %d on a page: messages, threads, and where each file was shared',
    async (size) => {
      const slack = await freshSlack();
      const api = apiOf(slack);
      const anna = slack.as('anna');
      const channel = slack.workspace.channels.general as string;
      const expected = new Map<string, string>();
      for (let i = 0; i < 5; i++) {
        const { ts, files } = await anna.share('general', [file(`a${i}`), file(`b${i}`)]);
        for (const id of files) expected.set(id, ts);
        const parent = anna.post('general', `thread ${i}`);
        for (let reply = 0; reply < 3; reply++) {
          const shared = await anna.share('general', file(`r${i}${reply}`), { thread_ts: parent });
          expected.set(shared.files[0] as string, shared.ts);
        }
      }
      const seen = await walk(api, slack, channel, size);
      expect(new Set(seen.map(({ file }) => file.fileId))).toEqual(new Set(expected.keys()));
      for (const { file, share } of seen) expect(share.ts).toBe(expected.get(file.fileId));
      expect(seen.every(({ file }) => file.complete)).toBe(true);
      await api.close();
    },
  );

  it('is not read beyond its lower bound', async () => {
    const slack = await freshSlack();
    const api = apiOf(slack);
    await slack.as('anna').share('general', file('old'));
    await sleep(5);
    const { ts, files } = await slack.as('anna').share('general', file('new'));
    const source = slackHistory({ api, teamId: slack.workspace.teamId });
    const channel = slack.workspace.channels.general as string;
    const oldest = Math.floor(Number(ts) * 1_000) - 1;
    const page = await source.history(channel, { oldest, before: null });
    expect(page.found.map(({ file }) => file.fileId)).toEqual(files);
    expect(page.newest).toBe(Math.floor(Number(ts) * 1_000));
    expect(slack.calls.list.at(-1)?.args.latest).toBeDefined();
    await api.close();
  });

  it('holds the files of other bots, those forwarded, and those that were broadcast from a thread', async () => {
    const message = (id: string) => ({ files: [{ id, url_private: 'https://files.slack.com/x', size: 1 }] });
    const api = answering({
      'conversations.history': {
        messages: [
          { ts: '1700000003.000100', subtype: 'bot_message', bot_id: 'B1', ...message('FBOT') },
          {
            ts: '1700000002.000100',
            thread_ts: '1600000000.000100',
            subtype: 'thread_broadcast',
            ...message('FCAST'),
          },
          { ts: '1700000001.000100', attachments: [message('FFORWARDED')] },
        ],
      },
    });
    const page = await slackHistory({ api, teamId: 'T1' }).history('C1', { oldest: 0, before: null });
    expect(page.found.map(({ file }) => file.fileId)).toEqual(['FBOT', 'FCAST', 'FFORWARDED']);
    expect(page.threads).toEqual(['1600000000.000100']);
    expect(page.more).toBe(false);
  });

  it('knows a file that only the list of files tells of, without its message', async () => {
    const listed = {
      id: 'F1',
      created: 1_700_000_000,
      user: 'U1',
      url_private: 'https://files.slack.com/x',
      size: 1,
    };
    const api = answering({ 'files.list': { files: [listed], paging: { pages: 1 } } });
    const page = await slackHistory({ api, teamId: 'T1' }).files('C1', { from: 0, to: null, page: 1 });
    expect(page.found).toMatchObject([
      {
        file: { fileId: 'F1' },
        share: { channelId: 'C1', ts: null, userId: 'U1', sharedAt: 1_700_000_000_000 },
      },
    ]);
  });

  it('of a channel that the bot is not in cannot be read; of a thread that is gone there is nothing to read', async () => {
    const slack = await freshSlack();
    const api = apiOf(slack);
    const source = slackHistory({ api, teamId: slack.workspace.teamId });
    const random = slack.workspace.channels.random as string;
    await expect(source.history(random, { oldest: 0, before: null })).rejects.toMatchObject({
      code: 'not_in_channel',
      isLost: true,
    });
    slack.faults.api('conversations.history', { error: 'missing_scope' }, 1);
    const refused = source.history(slack.workspace.channels.general as string, { oldest: 0, before: null });
    await expect(refused).rejects.toBeInstanceOf(UnreadableError);
    await expect(refused).rejects.toMatchObject({ code: 'missing_scope', isLost: false });
    const gone = source.replies(slack.workspace.channels.general as string, '1600000000.000100', '0');
    expect((await gone).found).toEqual([]);
    await api.close();
  });
});

it('the bot’s own conversations: which kind each is, and who is in a direct one', async () => {
  const slack = await freshSlack();
  const api = apiOf(slack);
  const { channels, dms, people } = slack.workspace;
  const found = new Map((await ownConversations(api)).map((one) => [one.channelId, one]));
  expect(found.get(channels.general as string)).toMatchObject({ name: 'general', kind: 'public' });
  expect(found.get(channels.finance as string)).toMatchObject({ name: 'finance', kind: 'private' });
  expect(found.get(dms.anna as string)).toMatchObject({ name: null, kind: 'im', imUserId: people.anna });
  expect(found.has(channels.random as string)).toBe(false);
  await api.close();
});
