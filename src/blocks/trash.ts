import type { Button, KnownBlock, ModalView, Overflow } from '@slack/types';
import * as v from 'valibot';
import type { TrashCursor, TrashedFile } from '../catalog/governance/trash-list.ts';
import { nameOf } from '../text/file-name.ts';
import { isPurgeWord } from '../text/purge-word.ts';
import { bytesOf, plainName } from './file-line.ts';
import { encodeButtonValue } from './kit/button-value.ts';
import { readJson } from './kit/carried.ts';
import { actions, button, context, plain, type Screen, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { choice, textField, tickField } from './kit/inputs.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, moment, quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { encodeTrashPlace } from './kit/places.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common } from './text/wording.ts';
import { purge as purgeWords, trash as words } from './text/wording-govern.ts';

/** Files on one page of `/vault trash`. */
export const TRASH_PAGE = 10;

export interface TrashInput {
  channelId: string;
  /** It is of no channel: it has what is this person’s alone. */
  isOwn?: boolean;
  /** Elsewhere: there are files of that kind, too. */
  hasOwn?: boolean;
  /** Newest first; at most ten are shown. */
  files: Array<TrashedFile & { mayRestore: boolean }>;
  /** There are older files after these. */
  hasMore: boolean;
  /** The files after this one are shown; null for the newest. */
  after: TrashCursor | null;
  isAdmin: boolean;
  names?: Named;
}

/** `/vault trash`: what is in the trash of a channel, or of this person alone; newest first. */
export function trashScreen(input: TrashInput): Screen {
  const { channelId, isOwn = false, after, names = NO_NAMES } = input;
  const files = input.files.slice(0, TRASH_PAGE);
  const where = channelNamed(channelId, names);
  if (files.length === 0) {
    const nothing = isOwn ? words.ownEmpty : words.empty(where);
    const text = after === null ? nothing : words.pastEnd;
    const hint = isOwn ? words.ownHint : words.emptyHint;
    return { text, blocks: [section(text), context(hint), ...pages(input, [])] };
  }
  return {
    text: isOwn ? words.ownText(files.length) : words.text(files.length, where),
    blocks: [
      section(isOwn ? words.ownTitle : words.title(where)),
      context(isOwn ? `${words.hint}\n${words.ownHint}` : words.hint),
      ...files.flatMap((file, row) => rowOf(file, row, input)),
      ...pages(input, files),
    ],
  };
}

/** A file, what becomes of it, and Restore; for admins, Delete forever in the menu beside it. */
function rowOf(file: TrashInput['files'][number], row: number, input: TrashInput): KnownBlock[] {
  const { names = NO_NAMES } = input;
  const at = moment(file.trashedAt);
  const who = file.byRetention ? words.byRetention(at) : words.by(personNamed(file.trashedBy, names), at);
  const end = file.isRetained
    ? words.retained(moment(file.purgeAt))
    : file.isPurging
      ? words.goingNow
      : file.isHeld
        ? words.onHold
        : words.until(moment(file.purgeAt));
  const facts = common.joined([sizeInWords(bytesOf(file)), who, end]);
  const text = `${iconOf(file)} ${boldName(nameOf(file), nameLength.line)}\n${facts}`;
  const restore = file.mayRestore && !file.isPurging ? restoreButton(file) : undefined;
  const menu = input.isAdmin && !file.isPurging && !file.isHeld ? purgeMenu(file) : undefined;
  // The id of the block that is clicked on says where the row stands.
  const blockId = encodeTrashPlace(row, input);
  const placed = blockId === null ? {} : { block_id: blockId };
  if (restore === undefined || menu === undefined) return [{ ...section(text, restore ?? menu), ...placed }];
  return [section(text), ...actions([restore, menu]).map((one) => ({ ...one, ...placed }))];
}

function restoreButton(file: TrashedFile): Button {
  const label = words.restoreLabel(plainName(file, 40));
  return button({ actionId: 'trash_restore', text: words.restore, label, value: file.fileId });
}

function purgeMenu({ fileId }: TrashedFile): Overflow {
  const options = [choice({ text: words.purge, value: `purge:${fileId}` })];
  return { type: 'overflow', action_id: 'trash_menu', options };
}

function pages(input: TrashInput, files: TrashedFile[]): KnownBlock[] {
  const { channelId, hasMore, hasOwn = false, after } = input;
  const last = files.at(-1);
  const newest = encodeButtonValue(channelId);
  const older = last ? encodeButtonValue(channelId, last.trashedAt ?? 0, last.fileId) : null;
  return actions([
    ...(after !== null && newest !== null
      ? [button({ actionId: 'trash_newest', text: words.newest, label: words.newestLabel, value: newest })]
      : []),
    ...(hasMore && older !== null
      ? [button({ actionId: 'trash_older', text: buttons.older, label: words.olderLabel, value: older })]
      : []),
    ...(hasOwn ? [button({ actionId: 'trash_own', text: words.own, label: words.ownLabel })] : []),
  ]);
}

/** The question before a file is removed for good, answered by typing. Its metadata proves nothing. */
export function purgeConfirmView({
  file,
  names = NO_NAMES,
}: {
  file: TrashedFile;
  names?: Named;
}): ModalView {
  return {
    type: 'modal',
    callback_id: 'purge_confirm',
    private_metadata: JSON.stringify({ fileId: file.fileId, name: carried(nameOf(file)) }),
    title: plain(purgeWords.title, limits.viewTitle),
    submit: plain(purgeWords.submit, limits.viewButton),
    close: plain(buttons.keepIt, limits.viewButton),
    blocks: [
      section(
        `${iconOf(file)} ${boldName(nameOf(file), nameLength.full)}\n${sizeInWords(bytesOf(file))} · ${personNamed(file.uploaderId, names)}`,
      ),
      section(purgeWords.what),
      textField({ block: 'typed', label: purgeWords.label, required: true }),
      tickField({
        block: 'forget',
        label: purgeWords.name,
        tick: purgeWords.forget,
        hint: purgeWords.forgetHint,
      }),
    ],
  };
}

/** The part of a name that always fits into metadata (3,000 characters), even when escaped. */
const CARRIED = 300;

function carried(name: string | null): string {
  return (name ?? '').slice(0, CARRIED).toWellFormed();
}

/** Which file a submitted `purge_confirm` means, and the name that was shown; null if it is not ours. */
export function readPurge(metadata: unknown): { fileId: string; name: string } | null {
  return readJson(PURGED, metadata);
}

const PURGED = v.object({ fileId: v.string(), name: v.string() });

/** Whether the typed text may mean yes; the name may have been cut. */
export function mayBePurgeWord(typed: string, name: string): boolean {
  return name.length >= CARRIED || isPurgeWord(typed, name);
}

export function purgeOrderedScreen(file: TrashedFile): Screen {
  const name = quietName(nameOf(file), nameLength.line);
  return {
    text: purgeWords.done(name),
    blocks: [section(purgeWords.done(name)), context(purgeWords.doneHint)],
  };
}
