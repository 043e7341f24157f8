import type { ModalView } from '@slack/types';
import { nameOf } from '../text/file-name.ts';
import { actions, button, context, plain, type Screen, section, sectionsOf } from './kit/elements.ts';
import { limits, nameLength } from './kit/limits.ts';
import { channel, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { count } from './text/wording.ts';
import { upload as words } from './text/wording-find.ts';
import { uploads } from './text/wording-share.ts';

/** How many files Slack's input takes: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element */
const MOST_FILES = 10;

/**
 * Files for the vault: for the people of a channel, or, without a channel, only for the uploader. `channelId` is chosen
 * already.
 */
export function uploadView({ channelId }: { channelId: string | null }): ModalView {
  return {
    type: 'modal',
    callback_id: 'upload',
    title: plain(words.title, limits.viewTitle),
    submit: plain(words.submit, limits.viewButton),
    close: plain(words.cancel, limits.viewButton),
    blocks: [
      {
        type: 'input',
        block_id: 'files',
        label: plain(words.files, limits.placeholder),
        element: { type: 'file_input', action_id: 'files', max_files: MOST_FILES },
      },
      {
        type: 'input',
        block_id: 'where',
        optional: true,
        label: plain(words.where, limits.placeholder),
        element: {
          type: 'conversations_select',
          action_id: 'where',
          placeholder: plain(words.wherePlaceholder, limits.placeholder),
          filter: { include: ['public', 'private'] },
          ...(channelId === null ? {} : { initial_conversation: channelId }),
        },
      },
      context(words.hint),
    ],
  };
}

interface Uploaded {
  names: Array<string | null>;
  /** Null for files that only their uploader sees. */
  channelId: string | null;
  /** Everybody in the workspace may read that channel. */
  isPublic?: boolean;
}

/** Shown after an upload. It says nothing that is over in a moment: a direct message says how it ends. */
export function uploadedScreen({ names, channelId, isPublic = false }: Uploaded): Screen {
  const files = namesInWords(names);
  const go = isPublic ? uploads.goPublic : uploads.go;
  const text = channelId === null ? uploads.goPrivate(files) : go(files, channel(channelId));
  return { text, blocks: [section(text), context(uploads.goHint)] };
}

/** What became of one uploaded file so far. */
export interface UploadEnd {
  name: string | null;
  /** Null while it is on its way. */
  end: 'saved' | 'not_saved' | null;
  bytes: number | null;
  /** Why it is not saved, or not yet. */
  why: string | null;
}

/** The direct message to an uploader: edited until each file has come to its end, or for a day. */
export function uploadMessage({
  files,
  channelId,
}: {
  files: UploadEnd[];
  channelId: string | null;
}): Screen {
  const where = channelId === null ? uploads.forYou : uploads.forChannel(channel(channelId));
  const saved = files.filter(({ end }) => end === 'saved');
  const waiting = files.filter(({ end, why }) => end === null && why === null);
  const others = files.filter((file) => !saved.includes(file) && !waiting.includes(file));
  const bytes = saved.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  const lines = [
    ...(saved.length === 0 ? [] : [uploads.saved(count(saved.length, 'file'), sizeInWords(bytes), where)]),
    ...(waiting.length === 0 ? [] : [uploads.waiting(count(waiting.length, 'file'), where)]),
    ...(saved.length + waiting.length === 0 ? [uploads.none(where)] : []),
  ];
  const kept = [...saved, ...waiting].map(({ name }) => name);
  return {
    text: lines.join(' '),
    blocks: [
      ...sectionsOf([...lines, ...(kept.length === 0 ? [] : [namesInWords(kept)])]),
      ...others.map((file) => context(notSaved(file))),
    ],
  };
}

function notSaved({ name, end, why }: UploadEnd): string {
  const shown = quietName(nameOf({ name, title: null }), nameLength.line);
  return (end === null ? uploads.notYet : uploads.notSaved)(shown, why ?? '');
}

function namesInWords(names: Array<string | null>): string {
  return names.map((name) => quietName(nameOf({ name, title: null }), nameLength.line)).join(' · ');
}

/** A button that opens the modal, for places where none can be opened directly. */
export function uploadOffer(): Screen {
  const open = button({ actionId: 'open_upload', text: words.open, label: words.open, value: 'upload' });
  return { text: words.offer, blocks: [section(words.offer), ...actions([open])] };
}
