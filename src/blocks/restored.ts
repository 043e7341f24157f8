import type { FileRow } from '../catalog/model.ts';
import { context, type Screen, section } from './elements.ts';
import { nameOf } from './file-line.ts';
import { nameLength } from './limits.ts';
import { boldName, quietName } from './mrkdwn.ts';
import { deleted as words } from './wording.ts';

/** To the person who clicked Undo: the file is back. */
export function restoredScreen({ file }: { file: FileRow }): Screen {
  return {
    text: words.restored(quietName(nameOf(file), nameLength.line)),
    blocks: [section(words.restored(boldName(nameOf(file), nameLength.line))), context(words.restoredHint)],
  };
}
