import type { KnownBlock } from '@slack/types';
import type { FileRow, FileVersion } from '../catalog/model.ts';
import { button, context, divider, firstOf, section } from './elements.ts';
import { plainName } from './file-line.ts';
import { nameLength } from './limits.ts';
import { moment } from './mrkdwn.ts';
import { sizeInWords } from './size.ts';
import { buttons, common } from './wording.ts';
import { versions as words } from './wording-versions.ts';

/** Versions shown one by one, each with its button. */
const SHOWN = 10;

/**
 * The versions of a file, newest first, each with a button `download_version` (its value `<file id>:<number>`). Nothing
 * where there is only one.
 */
export function versionBlocks(file: FileRow, older: FileVersion[]): KnownBlock[] {
  if (file.state !== 'stored' || older.length === 0) return [];
  const newest = { number: file.version, storedAt: file.storedAt, storedBytes: file.storedBytes };
  const { shown, more } = firstOf<Shown>([newest, ...older], SHOWN);
  return [
    divider(),
    section(`*${words.title}*`),
    ...shown.map((version) => line(file, version)),
    ...(more > 0 ? [context(common.more(more))] : []),
  ];
}

type Shown = Pick<FileVersion, 'number'> & Pick<FileRow, 'storedAt' | 'storedBytes'>;

function line(file: FileRow, { number, storedAt, storedBytes }: Shown): KnownBlock {
  const when = storedAt === null ? '' : moment(storedAt);
  const text = words.line(number, when, sizeInWords(storedBytes));
  return section(
    number === file.version ? words.newest(text) : text,
    button({
      actionId: 'download_version',
      text: buttons.download,
      label: words.downloadLabel(number, plainName(file, nameLength.dialog)),
      value: `${file.fileId}:${number}`,
    }),
  );
}
