import { helpScreen, helpTopic } from '../blocks/help.ts';
import type { Vault } from '../vault/context.ts';
import { commandCalled } from './called.ts';
import type { Command } from './command.ts';

/** `/vault help`, made from the list of commands, so that it is never out of date; with a command, that one's own. */
export function help(forWhom: (vault: Vault, userId: string) => Promise<Command[]>): Command {
  return {
    name: 'help',
    aliases: ['?', 'commands', '-h', '--help', 'h', 'hilfe'],
    usage: 'help [command]',
    summary: 'This, or more about a command',
    examples: [{ type: '/vault help find', means: 'all that can be searched' }],
    button: 'Help',
    async run(vault, { userId, text, reply }) {
      const words = text.toLowerCase().split(/\s+/);
      const [word = ''] = words.filter((one) => one !== '/vault' && one !== '');
      const commands = await forWhom(vault, userId);
      const topic = word === '' ? undefined : commandCalled(commands, word, '');
      await reply(topic === undefined ? helpScreen({ commands }) : helpTopic(topic));
    },
  };
}
