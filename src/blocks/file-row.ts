import type { Button, KnownBlock } from '@slack/types';
import type { FileRow, ListedFile } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { plainName, sizeOf } from './file-line.ts';
import { fileMenu, type MenuOptions, mayBeGiven } from './file-menu.ts';
import { actions, button, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, day, quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { type SaidShown, saidLine } from './said.ts';
import { checkNote } from './scan-note.ts';
import { listNote } from './state.ts';
import { common } from './text/wording.ts';
import { rows as words } from './text/wording-rows.ts';

/** In letters. */
const SNIPPET = 200;

/** A piece of a file's text. */
export interface FoundText {
  text: string;
  /** The page or slide that it stands on. */
  page: number | null;
  /** The older version that alone has it, and when it was stored (ms). */
  older?: { number: number; at: number };
}

/** What is shown of a file, and what this person may do with it. */
export interface RowOptions extends MenuOptions {
  /** Milliseconds since 1970. */
  now: number;
  /** False in a list of one channel. */
  showChannel?: boolean;
  names?: Named;
  /** The most bytes that its channel takes, if that matters. */
  maxBytes?: number | null | undefined;
  /** A piece of its text, with the words that were looked for. */
  snippet?: FoundText | undefined;
  /** What was said with it, where the words that were looked for stand. */
  said?: SaidShown | undefined;
  /** The id of the row's block: the place in the list, so that a click can draw the list again. */
  blockId?: string | undefined;
}

/**
 * One file, the same wherever files are listed: its bold name with the menu `file_menu`; below it who, size, when and
 * where; and Download. Two blocks at most.
 */
export function fileRow(file: ListedFile, o: RowOptions): KnownBlock[] {
  const name = `${iconOf(file)} ${boldName(nameOf(file), nameLength.line)}`;
  const isWithheld = o.check?.isGiven === false && o.said?.of === 'file';
  const notes = [
    isWithheld ? '' : saidLine(o.said),
    snippetLine(o),
    listNote(file, o.now, o.maxBytes),
    checkNote(o.check),
  ];
  const lines = [name, rowFacts(file, o), ...notes].filter((line) => line !== '');
  const row = section(lines.join('\n'), fileMenu(file, o));
  return [
    { ...row, ...(o.blockId === undefined ? {} : { block_id: o.blockId }) },
    ...actions(rowButtons(file, o)),
  ];
}

/** What a file says is given out only with the file itself: not while it is still being checked. */
function snippetLine({ snippet, check }: RowOptions): string {
  if (snippet === undefined || check?.isGiven === false) return '';
  const shown = words.snippet(quietName(snippet.text, SNIPPET), snippet.page);
  return snippet.older === undefined ? shown : words.olderVersion(shown, day(snippet.older.at));
}

function rowFacts(file: ListedFile, { names = NO_NAMES, showChannel = false }: RowOptions): string {
  return common.joined([
    personNamed(file.listedBy ?? file.uploaderId, names),
    sizeOf(file),
    day(file.listedAt),
    showChannel ? channelNamed(file.listedChannelId, names) : '',
  ]);
}

/** A file that is not saved has a link in its note instead. */
function rowButtons(file: FileRow, { check, snippet }: RowOptions): Button[] {
  if (file.state !== 'stored' || !mayBeGiven(check)) return [];
  // Beside the words that it has, or nobody knows what it is for.
  const older = check?.isGiven === false ? undefined : snippet?.older;
  return older === undefined
    ? [downloadButton(file)]
    : [downloadButton(file), olderButton(file, older.number)];
}

/** The version where the words were found: the newest has them no more. */
function olderButton(file: FileRow, number: number): Button {
  const label = words.downloadOlderLabel(number, plainName(file, nameLength.line));
  return button({
    ...{ actionId: 'download_version', text: words.downloadOlder, label },
    value: `${file.fileId}:${number}`,
  });
}

/** Named with its file, so that a screen reader tells the buttons of a list apart. */
export function downloadButton(file: FileRow): Button {
  const label = words.downloadLabel(plainName(file, nameLength.line));
  return button({ actionId: 'download_file', text: words.download, label, value: file.fileId });
}
