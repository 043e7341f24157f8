import type { Button, KnownBlock } from '@slack/types';
import type { FileRow, ListedFile } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { nameOf } from '../text/file-name.ts';
import { plainName, sizeOf } from './file-line.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { iconOf } from './kit/icon.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, moment, quietName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { problemScreen } from './problem.ts';
import { besideLink } from './scan-note.ts';
import { listNote, whereToOpen } from './state.ts';
import { buttons, common, count } from './text/wording.ts';
import { card as words } from './text/wording-find.ts';
import { unkept } from './text/wording-unkept.ts';

export interface CardInput {
  /** Its last share that the asker can see. */
  file: ListedFile;
  /** The presigned URL, at most 3,000 characters. It appears in the button alone, never in `text`. */
  url: string;
  /** How long the link works. */
  minutes: number;
  /** What the malware scanner said; null if there is none. */
  check?: Checked | null;
  names?: Named;
}

/** `/vault get`: one file, with its download. Throws a RangeError if the URL is too long for a button. */
export function fileCard({ file, url, minutes, check, names = NO_NAMES }: CardInput): Screen {
  if (url.length > limits.buttonUrl)
    throw new RangeError(`A link of ${url.length} characters fits no button.`);
  const name = plainName(file, 50);
  return {
    text: words.text(quietName(nameOf(file), nameLength.line)),
    blocks: [
      about(file, factsOf(file, names)),
      ...actions([
        button({
          actionId: 'open_link',
          text: buttons.download,
          label: `${buttons.download} ${name}`,
          url,
          style: 'primary',
        }),
        detailsButton(file),
      ]),
      ...besideLink(check),
      context(words.hint(count(minutes, 'minute'))),
    ],
  };
}

/** `/vault get` of a file that the vault does not have: what it is instead, and where it can be opened. */
export function unkeptCard(o: {
  file: ListedFile;
  now: number;
  maxBytes: number | null;
  names?: Named;
}): Screen {
  const { file } = o;
  return {
    text: unkept.card(quietName(nameOf(file), nameLength.line)),
    blocks: [
      about(file, factsOf(file, o.names ?? NO_NAMES), listNote(file, o.now, o.maxBytes)),
      ...actions([...openButtons(file), detailsButton(file)]),
    ],
  };
}

/** A button that opens a file that the vault does not have, if that is possible. */
export function openButtons(file: FileRow): Button[] {
  const open = whereToOpen(file);
  if (open === null) return [];
  const name = plainName(file, 50);
  const [text, label] = open.inSlack
    ? [unkept.openInSlack, unkept.openInSlackLabel(name)]
    : [buttons.openExternal, unkept.openLabel(name)];
  return [button({ actionId: 'open_link', text, label, url: open.url })];
}

function factsOf(file: ListedFile, names: Named): string {
  const by = personNamed(file.listedBy ?? file.uploaderId, names);
  return common.joined([by, channelNamed(file.listedChannelId, names), moment(file.listedAt)]);
}

function about(file: FileRow, facts: string, note = ''): KnownBlock {
  const lines = [
    `${iconOf(file)} ${boldName(nameOf(file), nameLength.dialog)}`,
    common.joined([sizeOf(file), facts]),
    note,
  ];
  return section(lines.filter((line) => line !== '').join('\n'));
}

/** `/vault get` of a file that the malware gate keeps closed: why, and the way to its Details, where admins release it. */
export function closedCard({ file, message }: { file: FileRow; message: string }): Screen {
  const { text, blocks } = problemScreen({ message, isRefusal: true });
  return { text, blocks: [...blocks, ...actions([detailsButton(file)])] };
}

function detailsButton(file: FileRow) {
  return button({
    actionId: 'show_details',
    text: buttons.details,
    label: `${buttons.details} ${plainName(file, 50)}`,
    value: file.fileId,
  });
}
