import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Screen } from '../blocks/kit/elements.ts';
import { problemScreen } from '../blocks/problem.ts';
import { openAndFill } from '../edge/modal.ts';
import { forPerson } from '../edge/moment.ts';
import { warnedIfAway } from '../edge/not-here.ts';
import { problemFor } from '../slack/problem.ts';
import { respondFor } from '../slack/respond.ts';
import { readTyped } from '../text/typed.ts';
import type { Vault } from '../vault/context.ts';
import { withoutNul } from '../vault/query/most-words.ts';
import { meantBy, meantFor, offerChoices, searchAnyway } from './answer.ts';

export { COMMANDS } from './registry.ts';

/** Answers `/vault …`: acknowledges first, then answers the asker alone. Every failure becomes one clear sentence. */
export function registerCommands(app: App, vault: Vault): void {
  app.command('/vault', async ({ command, ack, respond }) => {
    await ack();
    const { user_id: userId, channel_id: channelId } = command;
    const typed = readTyped(command.text ?? '');
    const first = meantBy(typed);
    const what = first.kind === 'command' ? first.command.name : first.kind;
    const say = ({ text: fallback, blocks }: Screen) =>
      respondFor(respond, { response_type: 'ephemeral', text: fallback, blocks });
    const log = vault.log.child({ command: what, user: userId, channel: channelId });
    await forPerson({ tell: say, log }, async (answered) => {
      const reply = async (screen: Screen) => {
        const warned = await warnedIfAway(vault, channelId, screen);
        answered();
        await say(warned);
      };
      const open = (build: () => Promise<ModalView>) => {
        answered();
        return openAndFill(vault, command.trigger_id, 'message', build);
      };
      const asked = { userId, channelId, reply, open };
      try {
        withoutNul(command.text ?? '');
        const meant = await meantFor(vault, userId, typed);
        if (meant.kind === 'nothing') await offerChoices(asked);
        else if (meant.kind === 'search') await searchAnyway(vault, { ...asked, ...meant });
        else await meant.command.run(vault, { ...asked, text: meant.text });
        vault.meters.answers.inc({ what: `command ${what}` });
      } catch (error) {
        const problem = problemFor(error);
        log.warn({ code: problem.code, err: error }, 'a command failed');
        await reply(problemScreen(problem));
      }
    });
  });
}
