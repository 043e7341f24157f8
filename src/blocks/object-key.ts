import type { ModalView, RichTextBlock } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import { nameOf } from '../text/file-name.ts';
import { context, plain, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName } from './kit/mrkdwn.ts';
import { buttons } from './text/wording.ts';
import { card as words } from './text/wording-find.ts';

/** For admins: the file's exact key in the bucket, to copy. */
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
