import type { Overflow, PlainTextOption, SectionBlock } from '@slack/types';
import type { FileRow, ListedFile } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { nameOf } from '../text/file-name.ts';
import { plain, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, channel, moment, person, visibleName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { checkNote } from './scan-note.ts';
import { listNote } from './state.ts';
import { buttons, common, fileLine as words } from './text/wording.ts';

/** The file's size: as stored, or else as Slack said. */
export function bytesOf(file: Pick<FileRow, 'size' | 'storedBytes'>): number | null {
  return file.storedBytes ?? file.size;
}

/** The same in words; empty for a file that is not kept and has no known size, like most links. */
export function sizeOf(file: Pick<FileRow, 'size' | 'storedBytes' | 'state'>): string {
  const bytes = bytesOf(file);
  return file.state === 'skipped' && !bytes ? '' : sizeInWords(bytes);
}

/**
 * One file in a list: icon and name, then size · who · (where) · when, a note if it is not simply in the vault, and the
 * menu `file_menu`. `maxBytes` is the most that its channel takes.
 */
export function fileLine(
  file: ListedFile,
  o: {
    now: number;
    mayDelete: boolean;
    showChannel?: boolean;
    maxBytes?: number | null | undefined;
    check?: Checked | undefined;
  },
): SectionBlock {
  const { now, mayDelete, showChannel = false, maxBytes, check } = o;
  const facts = common.joined([
    sizeOf(file),
    person(file.listedBy ?? file.uploaderId),
    showChannel ? words.inChannel(channel(file.listedChannelId)) : '',
    moment(file.listedAt),
  ]);
  const note = listNote(file, now, maxBytes);
  const lines = [`${iconOf(file)} ${boldName(nameOf(file), nameLength.line)}`, facts, note, checkNote(check)];
  return section(lines.filter((line) => line !== '').join('\n'), fileMenu(file, mayDelete));
}

/** Download only if there are bytes; Delete only if there are bytes and this person may delete them. */
function fileMenu(file: FileRow, mayDelete: boolean): Overflow {
  const isStored = file.state === 'stored';
  const options = [
    ...(isStored ? [option(buttons.download, `download:${file.fileId}`)] : []),
    option(buttons.details, `details:${file.fileId}`),
    ...(isStored && mayDelete ? [option(buttons.delete, `delete:${file.fileId}`)] : []),
  ];
  return { type: 'overflow', action_id: 'file_menu', options };
}

function option(text: string, value: string): PlainTextOption {
  return { text: plain(text, limits.optionText), value: value.slice(0, limits.optionValue) };
}

/** A file's name for plain_text and accessibility labels. */
export function plainName(file: Pick<FileRow, 'name' | 'title'>, max: number): string {
  return visibleName(nameOf(file), max);
}
