import type { Checkboxes, KnownBlock, ModalView } from '@slack/types';
import * as v from 'valibot';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { undoSeveral } from './deleted.ts';
import { bytesOf, plainName } from './file-line.ts';
import { readJson } from './kit/carried.ts';
import { actions, context, plain, type Screen, sectionsOf } from './kit/elements.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, escapeMrkdwn, moment, quietName, visibleName } from './kit/mrkdwn.ts';
import { type Named, NO_NAMES } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common, deleteModal } from './text/wording.ts';
import { several as words } from './text/wording-govern.ts';

/** As many boxes as Slack allows in one list (docs.slack.dev/reference/block-kit/block-elements/checkboxes-element). */
export const SEVERAL = 10;

/** A file that stays, and the reason in one of our sentences. */
export interface Staying {
  name: string | null;
  why: string;
}

export interface DeleteSeveralInput {
  /** The files that can be ticked; at least one. */
  files: FileRow[];
  /** The ids of those that are ticked already. */
  ticked?: readonly string[];
  /** The files that will stay. */
  staying: Staying[];
  channelId: string;
  trashDays: number;
  names?: Named;
}

/** Several files at once: each is ticked, and those that cannot go are named. Its metadata proves nothing. */
export function deleteSeveralView(input: DeleteSeveralInput): ModalView {
  const { staying, channelId, trashDays, ticked = [], names = NO_NAMES } = input;
  const files = input.files.slice(0, SEVERAL);
  const options = files.map((file) => ({
    text: plain(plainName(file, nameLength.line), limits.optionText),
    value: file.fileId,
    description: plain(factsOf(file, names), limits.optionText),
  }));
  const initial = options.filter(({ value }) => ticked.includes(value));
  const element: Checkboxes = {
    ...{ type: 'checkboxes', action_id: 'delete_pick', options },
    ...(initial.length === 0 ? {} : { initial_options: initial }),
  };
  return {
    type: 'modal',
    callback_id: 'delete_several_confirm',
    private_metadata: JSON.stringify({ fileIds: files.map(({ fileId }) => fileId), channelId }),
    title: plain(words.title, limits.viewTitle),
    submit: plain(buttons.delete, limits.viewButton),
    close: plain(buttons.keepThem, limits.viewButton),
    blocks: [
      { type: 'input', block_id: 'files', label: plain(words.pick, LABEL), element },
      ...stay(staying),
      context(deleteModal.whatSeveral(trashDays)),
    ],
  };
}

/** Plain: options have no formatted description. */
function factsOf(file: FileRow, { people }: Named): string {
  const person = people.get(file.uploaderId ?? '');
  return common.joined([sizeInWords(bytesOf(file)), person === undefined ? '' : visibleName(person, 40)]);
}

/** Slack's limit: docs.slack.dev/reference/block-kit/blocks/input-block. */
const LABEL = 2000;

/** What a submitted `delete_several_confirm` was about; null if the metadata is not ours. */
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
      ...actions(moved.length > 0 ? [undoSeveral(moved)] : []),
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
