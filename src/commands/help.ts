import { helpScreen } from '../blocks/help.ts';
import type { Command } from './command.ts';

/** `/vault help`, made from the list of commands, so that it is never out of date. */
export function help(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: 'help',
    summary: 'Shows this.',
    examples: [],
    async run(_, { reply }) {
      await reply(helpScreen({ commands: [...commands()] }));
    },
  };
}
