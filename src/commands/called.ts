import { nearestOf } from '../vault/query/names.ts';
import type { Command } from './command.ts';

/** The command that is called by this word (in lower case), if the words after it do not make it part of a name. */
export function commandCalled(commands: readonly Command[], word: string, rest: string): Command | undefined {
  return commands.find(
    ({ name, aliases = [], alone = [] }) =>
      name === word || aliases.includes(word) || (rest === '' && alone.includes(word)),
  );
}

/** The command that was most likely meant by a mistyped word, if any is like it. */
export function commandMeant(commands: readonly Command[], word: string): Command | undefined {
  const near = nearestOf(
    word,
    commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  );
  return near === null ? undefined : commandCalled(commands, near, '');
}
