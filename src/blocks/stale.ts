import { COMMAND } from '../text/handles.ts';
import { context, type Screen, section } from './kit/elements.ts';
import { code } from './kit/mrkdwn.ts';
import { stale as words } from './text/wording.ts';

/** For a button or menu that no longer works: what to type instead, by default `/vault list`. */
export function staleScreen({ command = `${COMMAND} list` }: { command?: string } = {}): Screen {
  return { text: words.text, blocks: [section(words.text), context(words.hint(code(command, 100)))] };
}
