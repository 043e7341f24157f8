import { COMMAND } from '../text/handles.ts';
import { type CommandHelp, commandSections } from './help.ts';
import { type Screen, section } from './kit/elements.ts';
import { code } from './kit/mrkdwn.ts';
import { unknown as words } from './text/wording.ts';

export interface UnknownInput {
  /** The word that was typed after `/vault`. */
  word: string;
  /** The name of the most similar command, if any is similar. */
  nearest: string | null;
  commands: CommandHelp[];
}

/** For a word that is not a command: the most similar command, and the help. */
export function unknownCommandScreen({ word, nearest, commands }: UnknownInput): Screen {
  const typed = code(word, 60);
  const text = nearest === null ? words.none(typed) : words.nearest(typed, code(`${COMMAND} ${nearest}`, 60));
  return { text, blocks: [section(text), ...commandSections(commands)] };
}
