import type { ModalView } from '@slack/types';
import { decodeButtonValue, textPart } from '../blocks/kit/button-value.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { staleScreen } from '../blocks/stale.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';

/** What a button can run: a `/vault` subcommand. `app.ts` brings them, as clicks and commands do not know each other. */
export interface Runnable {
  name: string;
  run(
    vault: Vault,
    asked: {
      userId: string;
      channelId: string;
      text: string;
      reply(screen: Screen): Promise<void>;
      open?: (build: () => Promise<ModalView>) => Promise<void>;
    },
  ): Promise<void>;
}

/** A button for each command, such as *Files here*: its answer takes the place of the buttons. */
export function runButtons(commands: readonly Runnable[]): Action[] {
  return commands.map((command) => ({
    id: `run_${command.name}`,
    async run(vault, click) {
      const words = decodeButtonValue(click.value, [textPart]);
      const { userId, channelId } = click;
      const reply = (screen: Screen) => click.replace(screen);
      const open = (build: () => Promise<ModalView>) => click.open(() => build());
      if (words === null) await reply(staleScreen());
      else await command.run(vault, { userId, channelId: channelId ?? '', text: words[0], reply, open });
    },
  }));
}
