import type { Screen } from '../blocks/kit/elements.ts';
import { LIST_PAGE_SIZE } from '../blocks/kit/limits.ts';
import { problemScreen } from '../blocks/problem.ts';
import { mention as words } from '../blocks/text/wording-find.ts';
import { screenOf, withoutMentions } from '../edge/files-page.ts';
import { forPerson } from '../edge/moment.ts';
import { PERSON_PATIENCE_MS } from '../slack/api.ts';
import { problemFor } from '../slack/problem.ts';
import { readSpoken } from '../text/spoken.ts';
import { readTyped } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { answerInChannel } from '../vault/files/channel-answer.ts';
import { meantFor, offerChoices, saidInstead } from './answer.ts';
import { offerCommand } from './offer.ts';
import type { Mention } from './said.ts';
import { thank } from './thank.ts';

/**
 * Answers `@ria-vault budget?` in a channel. Everybody there reads the answer, so it shows only files of this channel,
 * in the thread. Everything else goes only to the asker: other commands, help, problems, and what was not found in this
 * channel but may be elsewhere, which follows the asker's own rights.
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
    const spoken = readSpoken(readTyped(asked.text), vault.identity.botUserId);
    if (spoken.kind === 'thanks') {
      answered();
      return await thank(vault, asked);
    }
    if (spoken.kind === 'nothing') return await offerChoices({ channelId, reply });
    const meant = await meantFor(vault, userId, spoken.text);
    const text = meant.kind === 'nothing' ? '' : meant.text;
    if (meant.kind === 'command' && !['find', 'list'].includes(meant.command.name)) {
      return await offerCommand(vault, meant.command, { userId, channelId, text, reply });
    }
    const question = { userId, channelId, query: text, limit: LIST_PAGE_SIZE };
    const { page, isOfChannel, isForAll } = await answerInChannel(vault, question);
    const shown = isForAll ? withoutMentions(page) : page;
    const found = screenOf(vault, shown, { query: text, ...(isOfChannel ? { note: words.here } : {}) });
    const instead = meant.kind === 'search' ? meant.instead : undefined;
    const screen = saidInstead(found, instead);
    // The others need not read what somebody mistyped, or may not do.
    if (!isForAll || instead !== undefined || page.notes.notUnderstood.length > 0) return await reply(screen);
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
