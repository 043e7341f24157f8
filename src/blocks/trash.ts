import type { Button, KnownBlock, ModalView, Overflow, SectionBlock } from '@slack/types';
import * as v from 'valibot';
import type { TrashedFile } from '../catalog/governance/trash-list.ts';
import { nameOf } from '../text/file-name.ts';
import { isPurgeWord } from '../text/purge-word.ts';
import { bytesOf, plainName } from './file-line.ts';
import { readJson } from './kit/carried.ts';
import { actions, button, context, plain, type Screen, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { choice, textField, tickField } from './kit/inputs.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, channel, moment, person, quietName } from './kit/mrkdwn.ts';
import { encodePlace } from './kit/place.ts';
import { sizeInWords } from './kit/size.ts';
import { buttons, common } from './text/wording.ts';
import { purge as purgeWords, trash as words } from './text/wording-govern.ts';

/** Files on one page of `/vault trash`. */
export const TRASH_PAGE = 10;

export interface TrashInput {
  channelId: string;
  /** Newest first; at most ten are shown. */
  files: Array<TrashedFile & { mayRestore: boolean }>;
  /** There are older files after these. */
  hasMore: boolean;
  /** False on the first page. */
  paged: boolean;
  isAdmin: boolean;
}

/** `/vault trash`: what is in the trash of a channel, newest first. */
export function trashScreen(input: TrashInput): Screen {
  const { channelId, paged } = input;
  const files = input.files.slice(0, TRASH_PAGE);
  const where = channel(channelId);
  if (files.length === 0) {
    const text = paged ? words.pastEnd : words.empty(where);
    return { text, blocks: [section(text), context(words.emptyHint), ...pages(input, [])] };
  }
  return {
    text: words.text(files.length, where),
    blocks: [
      section(words.title(where)),
      context(words.hint),
      ...files.map((file) => line(file, input)),
      ...pages(input, files),
    ],
  };
}

function line(file: TrashInput['files'][number], input: TrashInput): SectionBlock {
  const at = moment(file.trashedAt);
  const who = file.byRetention ? words.byRetention(at) : words.by(person(file.trashedBy), at);
  const end = file.isRetained
    ? words.retained(moment(file.purgeAt))
    : file.isPurging
      ? words.goingNow
      : file.isHeld
        ? words.onHold
        : words.until(moment(file.purgeAt));
  const facts = common.joined([sizeInWords(bytesOf(file)), who, end]);
  return section(`${iconOf(file)} ${boldName(nameOf(file), nameLength.line)}\n${facts}`, menu(file, input));
}

function menu(file: TrashInput['files'][number], { isAdmin }: TrashInput): Button | Overflow | undefined {
  if (file.isPurging) return undefined;
  if (isAdmin) {
    const options = [
      choice({ text: words.restore, value: `restore:${file.fileId}` }),
      ...(file.isHeld ? [] : [choice({ text: words.purge, value: `purge:${file.fileId}` })]),
    ];
    return { type: 'overflow', action_id: 'trash_menu', options };
  }
  if (!file.mayRestore) return undefined;
  const label = words.restoreLabel(plainName(file, 40));
  return button({ actionId: 'trash_restore', text: words.restore, label, value: file.fileId });
}

function pages({ channelId, hasMore, paged }: TrashInput, files: TrashedFile[]): KnownBlock[] {
  const last = files.at(-1);
  const newest = encodePlace(channelId);
  const older = last ? encodePlace(channelId, last.trashedAt ?? 0, last.fileId) : null;
  return actions([
    ...(paged && newest !== null
      ? [button({ actionId: 'trash_newest', text: words.newest, label: words.newestLabel, value: newest })]
      : []),
    ...(hasMore && older !== null
      ? [button({ actionId: 'trash_older', text: buttons.older, label: words.olderLabel, value: older })]
      : []),
  ]);
}

/** The question before a file is removed for good, answered by typing. Its metadata proves nothing. */
export function purgeConfirmView(file: TrashedFile): ModalView {
  return {
    type: 'modal',
    callback_id: 'purge_confirm',
    private_metadata: JSON.stringify({ fileId: file.fileId, name: carried(nameOf(file)) }),
    title: plain(purgeWords.title, limits.viewTitle),
    submit: plain(purgeWords.submit, limits.viewButton),
    close: plain(buttons.keepIt, limits.viewButton),
    blocks: [
      section(
        `${iconOf(file)} ${boldName(nameOf(file), nameLength.full)}\n${sizeInWords(bytesOf(file))} · ${person(file.uploaderId)}`,
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
