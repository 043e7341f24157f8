import { offeredScreen } from '../blocks/near-command.ts';
import type { Vault } from '../vault/context.ts';
import type { Asked, Command } from './command.ts';

/** Runs a command that was asked for in a message. One that begins something waits for a click on its button. */
export async function offerCommand(vault: Vault, command: Command, asked: Asked): Promise<void> {
  if (!command.begins) return command.run(vault, asked);
  await asked.reply(offeredScreen({ name: command.name, text: asked.text, button: command.button }));
}
