import type { Screen } from '../blocks/kit/elements.ts';
import { problemScreen } from '../blocks/problem.ts';
import { filesScreen } from '../edge/files-page.ts';
import { forPerson } from '../edge/moment.ts';
import { PERSON_PATIENCE_MS } from '../slack/api.ts';
import { problemFor } from '../slack/problem.ts';
import { readSpoken } from '../text/spoken.ts';
import { readTyped } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { meantFor, offerChoices, searchAnyway } from './answer.ts';
import { offerCommand } from './offer.ts';
import type { Mention } from './said.ts';
import { thank } from './thank.ts';

/** Answers a direct message: nobody else reads it, so it searches everywhere that the person may look. */
export async function answerDirect(vault: Vault, asked: Mention): Promise<void> {
  const tell = (screen: Screen) => post(vault, asked, screen);
  await forPerson({ tell, log: vault.log }, async (answered) => {
    const reply = (screen: Screen) => {
      answered();
      return tell(screen);
    };
    try {
      await answer(vault, asked, reply, answered);
    } catch (error) {
      const problem = problemFor(error);
      vault.log.warn({ code: problem.code, user: asked.userId, err: error }, 'a direct message failed');
      await reply(problemScreen(problem));
    }
  });
}

async function answer(
  vault: Vault,
  asked: Mention,
  reply: (screen: Screen) => Promise<void>,
  answered: () => void,
): Promise<void> {
  const { userId, channelId } = asked;
  const spoken = readSpoken(readTyped(asked.text), vault.identity.botUserId);
  if (spoken.kind === 'thanks') {
    answered();
    return thank(vault, asked);
  }
  const meant = spoken.kind === 'nothing' ? spoken : await meantFor(vault, userId, spoken.text);
  if (meant.kind === 'nothing') return offerChoices({ channelId, reply });
  if (meant.kind === 'search') return searchAnyway(vault, { userId, channelId, reply, ...meant });
  const { command, text } = meant;
  // There is no channel here whose files could be listed.
  if (command.name === 'list') return reply(await filesScreen(vault, { userId, channelId: '', query: text }));
  await offerCommand(vault, command, { userId, channelId, text, reply });
}

async function post(vault: Vault, { channelId, threadTs }: Mention, screen: Screen): Promise<void> {
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  await vault.slack.call(
    'chat.postMessage',
    { channel: channelId, ...thread, ...screen },
    { patienceMs: PERSON_PATIENCE_MS },
  );
}
