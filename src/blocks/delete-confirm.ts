import type { ModalView } from '@slack/types';
import * as v from 'valibot';
import type { FileRow, Share } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { bytesOf } from './file-line.ts';
import { readJson } from './kit/carried.ts';
import { context, firstOf, plain, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, moment } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common, deleteModal as words } from './text/wording.ts';

export interface DeleteConfirmInput {
  file: FileRow;
  /** The channel where the question was asked; the audit log names it if the file is there. */
  channelId: string;
  trashDays: number;
  /** The shares that this person may know of. Without any, the file's first channel is named. */
  shares?: Share[];
  names?: Named;
}

/** The modal before a deletion. Its metadata says which file was meant, but does not prove that the person may. */
export function deleteConfirmView(input: DeleteConfirmInput): ModalView {
  const { file, channelId, trashDays, shares, names = NO_NAMES } = input;
  const places = [...new Set((shares ?? [file]).map((share) => channelNamed(share.channelId, names)))];
  const { shown, more } = firstOf(places, 10);
  const facts = common.joined([
    personNamed(file.uploaderId, names),
    sizeInWords(bytesOf(file)),
    moment(file.sharedAt),
  ]);
  const shared = words.shared([...shown, ...(more > 0 ? [common.more(more)] : [])].join(', '));
  return {
    type: 'modal',
    callback_id: 'delete_confirm',
    private_metadata: JSON.stringify({ fileId: file.fileId, channelId }),
    title: plain(words.title, limits.viewTitle),
    submit: plain(buttons.delete, limits.viewButton),
    close: plain(buttons.keepIt, limits.viewButton),
    blocks: [
      section(`${iconOf(file)} ${boldName(nameOf(file), nameLength.dialog)}\n${facts}`),
      ...(places.length > 0 ? [context(shared)] : []),
      section(words.what(trashDays)),
    ],
  };
}

/** Which file a submitted `delete_confirm` means; null if the metadata is not ours. */
export function readDeleteMetadata(metadata: unknown): { fileId: string; channelId: string } | null {
  return readJson(MEANT, metadata);
}

const MEANT = v.object({ fileId: v.string(), channelId: v.string() });
