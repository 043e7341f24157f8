import type { ModalView, RichTextBlock } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import { context, plain, section } from './elements.ts';
import { nameOf } from './file-line.ts';
import { iconOf } from './icon.ts';
import { limits, nameLength } from './limits.ts';
import { boldName } from './mrkdwn.ts';
import { buttons } from './wording.ts';
import { card as words } from './wording-find.ts';

/** For admins: where the file lies in the bucket, letter by letter, to copy. */
export function objectKeyView({ file, bucket }: { file: FileRow; bucket: string }): ModalView {
  const lines = [
    `s3://${bucket}/${file.objectKey ?? ''}`,
    ...(file.versionId ? [`version ${file.versionId}`] : []),
  ];
  const exact: RichTextBlock = {
    type: 'rich_text',
    elements: lines.map((text) => ({
      type: 'rich_text_preformatted',
      elements: [{ type: 'text', text: text.toWellFormed() }],
    })),
  };
  return {
    type: 'modal',
    title: plain(words.keyTitle, limits.viewTitle),
    close: plain(buttons.close, limits.viewButton),
    blocks: [
      section(`${iconOf(file)} ${boldName(nameOf(file), nameLength.dialog)}`),
      exact,
      context(words.keyHint),
    ],
  };
}
