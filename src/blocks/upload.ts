import type { ModalView } from '@slack/types';
import { actions, button, context, plain, type Screen, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { channel } from './kit/mrkdwn.ts';
import { count } from './text/wording.ts';
import { upload as words } from './text/wording-find.ts';

/** How many files Slack's input takes: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element */
const MOST_FILES = 10;

/** Files for the vault: for the people of a channel, or, without a channel, only for the uploader. */
export function uploadView(): ModalView {
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
        },
      },
      context(words.hint),
    ],
  };
}

/** Shown after an upload. `channelId` is null for files that only their uploader sees. */
export function uploadedScreen({ files, channelId }: { files: number; channelId: string | null }): Screen {
  const counted = `${count(files, 'file is', 'files are')}`;
  const text = channelId === null ? words.donePrivate(counted) : words.done(counted, channel(channelId));
  return { text, blocks: [section(text), context(words.findHint)] };
}

/** A button that opens the modal, for places where none can be opened directly. */
export function uploadOffer(): Screen {
  return { text: words.offer, blocks: [section(words.offer), ...actions(homeButtons().slice(1))] };
}

/** Find and Upload, at the top of App Home. */
export function homeButtons() {
  return [
    button({ actionId: 'open_find', text: words.find, label: words.find, value: 'find', style: 'primary' }),
    button({ actionId: 'open_upload', text: words.open, label: words.open, value: 'upload' }),
  ];
}
