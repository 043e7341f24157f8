import { COMMAND } from '../text/handles.ts';
import { type CommandButton, runButton } from './command-button.ts';
import { context, type Screen, section } from './kit/elements.ts';
import { code } from './kit/mrkdwn.ts';
import { near as words } from './text/wording-help.ts';

/** A command that typed words are like. */
export interface NearCommand extends CommandButton {
  typed: string;
}

/** Nothing was found: the command that was most likely meant, as a button. */
export function nearScreen(near: NearCommand): Screen {
  const text = words.instead(code(near.typed, 60), commandOf(near));
  return { text, blocks: [section(text, runButton(near))] };
}

/** What was found, and above it the command that may have been meant. */
export function withNear(screen: Screen, near: NearCommand): Screen {
  return { ...screen, blocks: [section(words.beside(commandOf(near)), runButton(near)), ...screen.blocks] };
}

/** What was found for words that were typed for something else: small print says so. */
export function searchedScreen(
  screen: Screen,
  { kind, typed }: { kind: 'command' | 'topic'; typed: string },
): Screen {
  const said =
    kind === 'command'
      ? words.forAdmins(code(`${COMMAND} ${typed}`, 60))
      : words.noTopic(code(typed, 60), code(`${COMMAND} help`, 20));
  return { ...screen, blocks: [...screen.blocks, context(said)] };
}

/** A command that begins something, as a button. */
export function offeredScreen(command: CommandButton): Screen {
  const text = words.offered(commandOf(command));
  return { text, blocks: [section(text, runButton(command))] };
}

function commandOf({ name, text }: CommandButton): string {
  return code(`${COMMAND} ${name} ${text}`.trim(), 60);
}
