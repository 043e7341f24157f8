import type { KnownBlock, ModalView } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { nameOf } from '../text/file-name.ts';
import { bytesOf, plainName } from './file-line.ts';
import { actions, button, context, plain, type Screen, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, quietName } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { besideLink } from './scan-note.ts';
import { buttons, download as words } from './text/wording.ts';

export interface DownloadInput {
  file: FileRow;
  /** The presigned URL, at most 3,000 characters. It appears in the button alone, never in `text`. */
  url: string;
  /** How long the link works. */
  minutes: number;
  /** What the malware scanner said; null if there is none. */
  check?: Checked | null;
}

/** The same as a message, for when Slack opens no window any more. Its text has no URL. */
export function downloadScreen(input: DownloadInput): Screen {
  const text = words.text(quietName(nameOf(input.file), nameLength.line), input.minutes);
  return { text, blocks: downloadBlocks(input) };
}

/** A short-lived link for the asker alone. Throws a RangeError if the URL is too long for a button. */
export function downloadView(input: DownloadInput): ModalView {
  return {
    type: 'modal',
    title: plain(words.title, limits.viewTitle),
    close: plain(buttons.close, limits.viewButton),
    blocks: downloadBlocks(input),
  };
}

function downloadBlocks({ file, url, minutes, check }: DownloadInput): KnownBlock[] {
  if (url.length > limits.buttonUrl)
    throw new RangeError(`A link of ${url.length} characters fits no button.`);
  const save = button({
    actionId: 'open_link',
    text: buttons.download,
    label: words.label(plainName(file, nameLength.line)),
    url,
    style: 'primary',
  });
  return [
    section(`${iconOf(file)} ${boldName(nameOf(file), nameLength.dialog)}\n${sizeInWords(bytesOf(file))}`),
    ...actions([save]),
    ...besideLink(check),
    context(words.hint(minutes)),
  ];
}
