import type { Screen } from '../blocks/elements.ts';
import { problemScreen } from '../blocks/problem.ts';
import { unknownCommandScreen } from '../blocks/unknown.ts';
import { mention as words } from '../blocks/wording-find.ts';
import { forPerson } from '../edge/moment.ts';
import { UserError } from '../errors.ts';
import { PERSON_PATIENCE_MS } from '../slack/api.ts';
import { problemFor } from '../slack/problem.ts';
import { readTyped } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { filterWords } from '../vault/query/filter.ts';
import { filesPage, findPage } from './files-page.ts';
import { COMMANDS } from './index.ts';

export interface Mention {
  userId: string;
  channelId: string;
  text: string;
  ts: string;
  threadTs?: string;
}

/** What a mention may ask for: answers only, nothing that changes anything. */
const ANSWERED = new Set(['find', 'list', 'help']);

/**
 * Answers `@vault find …` in a channel. Everybody there reads the answer, so it shows only files of this very
 * channel, in the thread. Everything else goes to the asker alone: help, problems, nothing found, and what is asked
 * of other channels, which then follows the asker's own rights.
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
    if (!(await vault.rights.maySeeChannel(userId, channelId))) {
      throw new UserError('not_a_member', 'I answer here only those who are in this channel.');
    }
    const named = filterWords(text, 'channel');
    if (named !== '' && !named.includes(channelId))
      return reply(await filesPage(vault, { userId, channelId: '', query: text }));
    const page = { userId, channelId, query: text, note: words.here, forAll: true };
    const found = await findPage(vault, page);
    const screen = await filesPage(vault, page, found);
    if (found.page.files.length === 0) return reply(screen);
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

/** Slack shows an ephemeral message in a thread only where there is a thread already. */
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
