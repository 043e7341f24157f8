import { helpScreen } from '../blocks/help.ts';
import type { Command } from './command.ts';

/** `/vault help`, made of the registry that it is given, so that it can never be out of date. */
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
