import { type Screen, section } from './kit/elements.ts';
import { moment as words } from './text/wording.ts';

/** For a person whose answer takes longer than usual; the answer follows. */
export function momentScreen(): Screen {
  return { text: words.text, blocks: [section(`${words.icon} ${words.text}`)] };
}
