import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { context, type Screen, section } from './kit/elements.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, quietName } from './kit/mrkdwn.ts';
import { deleted as words } from './text/wording.ts';

/** To the person who clicked Undo: the file is back. */
export function restoredScreen({ file }: { file: FileRow }): Screen {
  return {
    text: words.restored(quietName(nameOf(file), nameLength.line)),
    blocks: [section(words.restored(boldName(nameOf(file), nameLength.line))), context(words.restoredHint)],
  };
}

/** The same for several files at once. */
export function restoredSeveralScreen({ files }: { files: number }): Screen {
  const text = words.restored(words.files(files));
  return { text, blocks: [section(text), context(words.restoredHint)] };
}
