import type { Overflow, PlainTextOption } from '@slack/types';
import type { FileRow } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { plain } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { rows as words } from './text/wording-rows.ts';

/** What this person may do with a file. */
export interface MenuOptions {
  mayDelete: boolean;
  /** Whether this person may put files on hold. */
  mayHold?: boolean;
  /** Whether they may share it from here. */
  mayShare?: boolean;
  /** What the malware scanner said of it. */
  check?: Checked | undefined;
  /** The page of its message in Slack. */
  messageUrl?: string | null | undefined;
  /** Where there is no button for it. */
  withDownload?: boolean;
}

/** Whether the malware gate gives the bytes out, or may in a moment. */
export function mayBeGiven(check: Checked | null | undefined): boolean {
  return check?.isGiven !== false || check.state === 'waiting';
}

/**
 * The menu beside a file, with what this person may do. Slack shows up to five choices
 * (docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element); a choice may be a link.
 */
export function fileMenu(file: FileRow, o: MenuOptions): Overflow {
  const isStored = file.state === 'stored';
  const { fileId } = file;
  const url = o.messageUrl ?? '';
  const options = [
    ...(isStored && o.withDownload && mayBeGiven(o.check)
      ? [choice(words.download, `download:${fileId}`)]
      : []),
    choice(words.details, `details:${fileId}`),
    ...(url === '' || url.length > limits.buttonUrl
      ? []
      : [{ ...choice(words.message, `message:${fileId}`), url }]),
    ...(isStored && o.mayShare && mayBeGiven(o.check) ? [choice(words.share, `share:${fileId}`)] : []),
    ...(isStored && o.mayHold ? [choice(words.hold, `hold:${fileId}`)] : []),
    ...(isStored && o.mayDelete ? [choice(words.delete, `delete:${fileId}`)] : []),
  ];
  return { type: 'overflow', action_id: 'file_menu', options };
}

function choice(text: string, value: string): PlainTextOption {
  return { text: plain(text, limits.optionText), value: value.slice(0, limits.optionValue) };
}
