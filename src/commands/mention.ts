import type { Screen } from '../blocks/kit/elements.ts';
import { LIST_PAGE_SIZE } from '../blocks/kit/limits.ts';
import { problemScreen } from '../blocks/problem.ts';
import { mention as words } from '../blocks/text/wording-find.ts';
import { unknownCommandScreen } from '../blocks/unknown.ts';
import { screenOf } from '../edge/files-page.ts';
import { forPerson } from '../edge/moment.ts';
import { PERSON_PATIENCE_MS } from '../slack/api.ts';
import { problemFor } from '../slack/problem.ts';
import { readTyped } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { answerInChannel } from '../vault/files/channel-answer.ts';
import { COMMANDS } from './index.ts';

export interface Mention {
  userId: string;
  channelId: string;
  text: string;
  ts: string;
  threadTs?: string;
}

/** What a mention may ask for: only answers, no changes. */
const ANSWERED = new Set(['find', 'list', 'help']);

/**
 * Answers `@vault find …` in a channel. Everybody there reads the answer, so it shows only files of this
 * channel, in the thread. Everything else goes only to the asker: help, problems, nothing found, and answers about
 * other channels, which follow the asker's own rights.
 */
export async function answerMention(vault: Vault, asked: Mention): Promise<void> {
  const tell = (screen: Screen) => whisper(vault, asked, screen);
  await forPerson({ tell, log: vault.log }, (answered) => answer(vault, asked, answered));
}

async function answer(vault: Vault, asked: Mention, answered: () => void): Promise<void> {
  const { userId, channelId } = asked;
  const reply = (screen: Screen) => {
    answered();
    return whisper(vault, asked, screen);
  };
  try {
    const [, name = '', text = ''] =
      /^(?:\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[,:]?)*\s*(\S*)\s*(.*)$/su.exec(readTyped(asked.text)) ?? [];
    const word = name === '' ? 'help' : name.toLowerCase();
    const command = COMMANDS.find((candidate) => candidate.name === word);
    if (command === undefined || !ANSWERED.has(word)) {
      const commands = COMMANDS.filter((one) => ANSWERED.has(one.name));
      return reply(unknownCommandScreen({ word, nearest: null, commands }));
    }
    if (word === 'help') return command.run(vault, { userId, channelId, text, reply });
    const question = { userId, channelId, query: text, limit: LIST_PAGE_SIZE };
    const { page, isOfChannel, isForAll } = await answerInChannel(vault, question);
    const screen = screenOf(vault, page, { query: text, ...(isOfChannel ? { note: words.here } : {}) });
    if (!isForAll) return reply(screen);
    answered();
    await vault.slack.call('chat.postMessage', {
      channel: channelId,
      thread_ts: asked.threadTs ?? asked.ts,
      ...screen,
    });
  } catch (error) {
    const problem = problemFor(error);
    vault.log.warn({ code: problem.code, user: userId, channel: channelId, err: error }, 'a mention failed');
    await reply(problemScreen(problem));
  }
}

/** Slack shows an ephemeral message in a thread only if the thread already exists. */
async function whisper(
  vault: Vault,
  { userId, channelId, threadTs }: Mention,
  screen: Screen,
): Promise<void> {
  await vault.slack.call(
    'chat.postEphemeral',
    {
      channel: channelId,
      user: userId,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...screen,
    },
    { patienceMs: PERSON_PATIENCE_MS },
  );
}
