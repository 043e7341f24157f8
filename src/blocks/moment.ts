import { type Screen, section } from './kit/elements.ts';
import { moment as words } from './text/wording.ts';

/** Said to a person whose answer takes longer than usual; the answer itself follows. */
export function momentScreen(): Screen {
  return { text: words.text, blocks: [section(`${words.icon} ${words.text}`)] };
}
