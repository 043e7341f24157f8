import type { ActionsBlock, KnownBlock, ModalView } from '@slack/types';
import * as v from 'valibot';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { bytesOf, plainName } from './file-line.ts';
import { readJson } from './kit/carried.ts';
import { button, context, plain, type Screen, section, sectionsOf } from './kit/elements.ts';
import { choice } from './kit/inputs.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, escapeMrkdwn, moment, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, deleteModal } from './text/wording.ts';
import { several as words } from './text/wording-govern.ts';

/** As many boxes as Slack allows in one list. */
export const SEVERAL = 10;

/** A file that stays, and the reason in one of our sentences. */
export interface Staying {
  name: string | null;
  why: string;
}

/** The boxes below the chooser; nothing for a single file. */
export function severalBoxes(files: FileRow[]): KnownBlock[] {
  if (files.length < 2) return [];
  const options = files
    .slice(0, SEVERAL)
    .map((file) => choice({ text: plainName(file, nameLength.line), value: file.fileId }));
  const row: ActionsBlock = {
    type: 'actions',
    elements: [
      { type: 'checkboxes', action_id: 'delete_pick', options },
      button({
        actionId: 'delete_several',
        text: words.button,
        label: words.buttonLabel,
        value: 'ticked',
        style: 'danger',
      }),
    ],
  };
  return [section(words.pick), row];
}

export interface DeleteSeveralInput {
  /** The files that will go; at least one. */
  files: FileRow[];
  /** The files that will stay. */
  staying: Staying[];
  channelId: string;
  trashDays: number;
}

/** The question before several files go to the trash: it names them all. Its metadata proves nothing. */
export function deleteSeveralView({ files, staying, channelId, trashDays }: DeleteSeveralInput): ModalView {
  return {
    type: 'modal',
    callback_id: 'delete_several_confirm',
    private_metadata: JSON.stringify({ fileIds: files.map(({ fileId }) => fileId), channelId }),
    title: plain(words.title, limits.viewTitle),
    submit: plain(buttons.moveToTrash, limits.viewButton),
    close: plain(buttons.keepIt, limits.viewButton),
    blocks: [
      ...sectionsOf([words.total(files.length, sumOf(files)), ...files.map(line)]),
      ...stay(staying),
      section(deleteModal.what(trashDays)),
    ],
  };
}

/** Which files a submitted `delete_several_confirm` means; null if the metadata is not ours. */
export function readSeveral(metadata: unknown): { fileIds: string[]; channelId: string } | null {
  return readJson(MEANT, metadata);
}

const MEANT = v.object({
  fileIds: v.pipe(
    v.array(v.unknown()),
    v.transform((ids) => ids.filter((id) => typeof id === 'string').slice(0, SEVERAL)),
  ),
  channelId: v.string(),
});

/** The result of a deletion. */
export function deletedSeveralScreen(o: {
  moved: FileRow[];
  staying: Staying[];
  purgeAt: number | null;
}): Screen {
  const { moved, staying, purgeAt } = o;
  const title = moved.length === 0 ? words.noneMoved : words.done(moved.length, sumOf(moved));
  return {
    text: title,
    blocks: [
      ...sectionsOf([title, ...moved.map(line)]),
      ...stay(staying),
      ...(moved.length > 0 && purgeAt !== null ? [context(words.until(moment(purgeAt)))] : []),
    ],
  };
}

function line(file: FileRow): string {
  return words.line(boldName(nameOf(file), nameLength.line), sizeInWords(bytesOf(file)));
}

function stay(staying: Staying[]): KnownBlock[] {
  if (staying.length === 0) return [];
  const lines = staying.map(({ name, why }) =>
    words.stayLine(quietName(name, nameLength.line), escapeMrkdwn(why)),
  );
  return sectionsOf([words.stay(staying.length), ...lines]);
}

function sumOf(files: FileRow[]): number {
  return files.reduce((sum, file) => sum + (bytesOf(file) ?? 0), 0);
}
