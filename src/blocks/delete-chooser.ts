import type { KnownBlock } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { SEVERAL } from './delete-several.ts';
import { bytesOf, plainName } from './file-line.ts';
import { actions, button, confirmDanger, context, type Screen, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { nameLength } from './kit/limits.ts';
import { boldName, code, day, quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { encodeChooser } from './kit/places.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common, confirmDelete, chooser as words } from './text/wording.ts';
import { find } from './text/wording-find.ts';
import { several } from './text/wording-govern.ts';

/** How many files are shown to choose from. */
export const CHOICES = 10;

export interface ChooserInput {
  channelId: string;
  /** The files that this person may delete, best match first. Ten are shown. */
  files: FileRow[];
  /** There are more files than these. */
  hasMore?: boolean;
  /** The words that the asker typed, if any, without quotes. */
  query?: string;
  /** The same as typed. */
  text?: string;
  /** Without a match: the name that is most like the words. */
  suggestion?: string | null;
  /** The time ended before everything was searched. */
  stopped?: boolean;
  trashDays?: number;
  names?: Named;
}

/** `/vault delete`: the files that this person may delete, each with a button, and one for several at once. */
export function deleteChooser(input: ChooserInput): Screen {
  const { channelId, files, query = '', suggestion, names = NO_NAMES } = input;
  const note = input.stopped ? [context(find.stopped)] : [];
  if (files.length === 0) return nothingToDelete(query, suggestion, note);
  const shown = files.slice(0, CHOICES);
  const hasMore = input.hasMore === true || files.length > CHOICES;
  return {
    text: words.text(shown.length),
    blocks: [
      section(words.title(channelNamed(channelId, names))),
      context(query === '' ? words.hint : words.matching(code(query, 80))),
      ...note,
      ...shown.map((file) => choice(file, input)),
      ...severalButton(shown, input),
      ...(hasMore ? [context(words.more)] : []),
    ],
  };
}

function choice(file: FileRow, { trashDays, names = NO_NAMES }: ChooserInput) {
  const facts = common.joined([
    personNamed(file.uploaderId, names),
    sizeInWords(bytesOf(file)),
    day(file.sharedAt),
  ]);
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
    confirm: confirmDanger({
      title: confirmDelete.title,
      text: confirmDelete.text(plainName(file, nameLength.dialog), bytesOf(file), trashDays),
      confirm: buttons.delete,
      deny: buttons.keepIt,
    }),
  });
}

/** Opens a window where these files can be ticked. Its block says where the list stands, so that it follows. */
function severalButton(files: FileRow[], { channelId, text = '' }: ChooserInput): KnownBlock[] {
  if (files.length < 2) return [];
  const value = files
    .slice(0, SEVERAL)
    .map(({ fileId }) => fileId)
    .join(' ');
  const open = button({
    actionId: 'delete_several',
    text: several.button,
    label: several.buttonLabel,
    value,
  });
  const place = encodeChooser({ channelId, query: text });
  return actions([open]).map((row) => (place === null ? row : { ...row, block_id: place }));
}

function nothingToDelete(query: string, suggestion: string | null | undefined, note: KnownBlock[]): Screen {
  if (query === '')
    return { text: words.none, blocks: [section(words.none), context(words.noneHint), ...note] };
  const text = words.noMatch(quietName(query, 80));
  const hint = suggestion ? words.nearest(quietName(suggestion, nameLength.line)) : words.noNearest;
  return { text, blocks: [section(text), context(hint), ...note] };
}
