import type { KnownBlock } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { severalBoxes } from './delete-several.ts';
import { bytesOf, plainName } from './file-line.ts';
import { button, confirmDanger, context, type Screen, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, channel, code, moment, person, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common, confirmDelete, chooser as words } from './text/wording.ts';
import { find } from './text/wording-find.ts';

/** How many files are shown to choose from. */
export const CHOICES = 10;

export interface ChooserInput {
  channelId: string;
  /** The files that this person may delete, best match first. Ten are shown. */
  files: FileRow[];
  /** There are more files than these. */
  hasMore?: boolean;
  /** The words that the asker typed, if any. */
  query?: string;
  /** Without a match: the name that is most like the words. */
  suggestion?: string | null;
  /** The time ended before everything was searched. */
  stopped?: boolean;
  trashDays?: number;
}

/** `/vault delete` without one clear file: a choice of files that this person may delete. */
export function deleteChooser(input: ChooserInput): Screen {
  const { channelId, files, query = '', suggestion, trashDays } = input;
  const note = input.stopped ? [context(find.stopped)] : [];
  if (files.length === 0) return nothingToDelete(query, suggestion, note);
  const shown = files.slice(0, CHOICES);
  const hasMore = input.hasMore === true || files.length > CHOICES;
  return {
    text: words.text(shown.length),
    blocks: [
      section(words.title(channel(channelId))),
      context(query === '' ? words.hint : words.matching(code(query, 80))),
      ...note,
      ...shown.map((file) => choice(file, trashDays)),
      ...severalBoxes(shown),
      ...(hasMore ? [context(words.more)] : []),
    ],
  };
}

function choice(file: FileRow, trashDays: number | undefined) {
  const facts = common.joined([sizeInWords(bytesOf(file)), person(file.uploaderId), moment(file.sharedAt)]);
  return section(
    `${iconOf(file)} ${boldName(nameOf(file), nameLength.line)}\n${facts}`,
    deleteButton(file, trashDays),
  );
}

function deleteButton(file: FileRow, trashDays: number | undefined) {
  return button({
    actionId: 'delete_file',
    text: buttons.delete,
    label: words.label(plainName(file, nameLength.line)),
    value: file.fileId,
    style: 'danger',
    confirm: confirmDanger({
      title: confirmDelete.title,
      text: confirmDelete.text(plainName(file, nameLength.dialog), bytesOf(file), trashDays),
      confirm: buttons.moveToTrash,
      deny: buttons.keepIt,
    }),
  });
}

function nothingToDelete(query: string, suggestion: string | null | undefined, note: KnownBlock[]): Screen {
  if (query === '')
    return { text: words.none, blocks: [section(words.none), context(words.noneHint), ...note] };
  const text = words.noMatch(code(query, 80));
  const hint = suggestion ? words.nearest(quietName(suggestion, nameLength.line)) : words.noNearest;
  return { text, blocks: [section(text), context(hint), ...note] };
}
