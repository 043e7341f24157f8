import { type Screen, section } from './kit/elements.ts';
import { status as words } from './text/wording-status.ts';

/** After Retry all: how many files are tried again. */
export function retryingScreen({ files }: { files: number }): Screen {
  const text = words.retrying(files);
  return { text, blocks: [section(text)] };
}
