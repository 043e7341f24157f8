import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { plainName } from './file-line.ts';
import { button, context, type Screen, section } from './kit/elements.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, moment, quietName } from './kit/mrkdwn.ts';
import { buttons, deleted as words } from './text/wording.ts';

/** To the person who deleted a file: it is in the trash until `purgeAt` (ms), and can be restored. */
export function deletedScreen({
  file,
  purgeAt = file.purgeAt,
}: {
  file: FileRow;
  purgeAt?: number | null;
}): Screen {
  return {
    text: words.done(quietName(nameOf(file), nameLength.line)),
    blocks: [
      section(words.done(boldName(nameOf(file), nameLength.line)), undoButton(file)),
      context(purgeAt === null ? words.noDate : words.until(moment(purgeAt))),
    ],
  };
}

/** Takes a file back out of the trash. */
function undoButton(file: Pick<FileRow, 'fileId' | 'name' | 'title'>) {
  const label = words.undoLabel(plainName(file, 40));
  return button({ actionId: 'undo_delete', text: buttons.undo, label, value: file.fileId });
}

/** Takes several files back out of the trash; at most as many as go there at once. */
export function undoSeveral(files: ReadonlyArray<Pick<FileRow, 'fileId'>>) {
  const label = words.undoSeveralLabel(files.length);
  const value = files.map(({ fileId }) => fileId).join(' ');
  return button({ actionId: 'undo_delete', text: buttons.undo, label, value });
}
