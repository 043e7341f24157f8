import type { SectionBlock } from '@slack/types';
import type { TrashedFile } from '../catalog/governance/trash-list.ts';
import { nameOf } from '../text/file-name.ts';
import { bytesOf, plainName } from './file-line.ts';
import { button, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, moment } from './kit/mrkdwn.ts';
import { type Named, personNamed } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { common } from './text/wording.ts';
import { rows as words } from './text/wording-rows.ts';

/** A file in the trash among what was found: it says so, and has Restore for those who may. */
export function trashedRow(
  file: TrashedFile & { mayRestore: boolean },
  { names, blockId }: { names: Named; blockId?: string | undefined },
): SectionBlock {
  const facts = common.joined([
    words.inTrash(moment(file.trashedAt)),
    personNamed(file.uploaderId, names),
    sizeInWords(bytesOf(file)),
  ]);
  const restore = button({
    actionId: 'find_restore',
    text: words.restore,
    label: words.restoreLabel(plainName(file, nameLength.line)),
    value: file.fileId,
  });
  const text = `${iconOf(file)} ${boldName(nameOf(file), nameLength.line)}\n${facts}`;
  const row = section(text, file.mayRestore && !file.isPurging ? restore : undefined);
  return blockId === undefined ? row : { ...row, block_id: blockId };
}
