import type { KnownBlock, PlainTextOption } from '@slack/types';
import type { FileRow, FileVersion } from '../catalog/model.ts';
import type { Checked } from '../catalog/scan/model.ts';
import { plainName } from './file-line.ts';
import { actions, button, context, divider, firstOf, plain, section } from './kit/elements.ts';
import { limits, nameLength } from './kit/limits.ts';
import { moment, utcMoment } from './kit/mrkdwn.ts';
import { sizeInWords } from './kit/size.ts';
import { checkNote } from './scan-note.ts';
import { buttons, common } from './text/wording.ts';
import { scan } from './text/wording-scan.ts';
import { versions as words } from './text/wording-versions.ts';

/** How many versions are shown with a button each. A view holds 100 blocks. */
const SHOWN = 40;
/** How many more are in a menu. It has groups: Slack allows 100, with 100 options each. */
const IN_MENU = 5_000;
const IN_GROUP = 100;
/** How many older ones that an admin may release are shown beside the menu. */
const TO_RELEASE = 10;

/**
 * The versions of a file, newest first, each with a button `download_version` (its value `<file id>:<number>`). If
 * there are very many, the oldest are in a menu with the same name and values. What the malware check holds back has no
 * such button; for those who may release it (`releasable`, by number), it has `scan_release` with the same value. Nothing if
 * there is only one version.
 */
export function versionBlocks(
  file: FileRow,
  older: FileVersion[],
  checks: ReadonlyMap<number, Checked> = new Map(),
  releasable: ReadonlySet<number> = new Set(),
): KnownBlock[] {
  if (file.state !== 'stored' || older.length === 0) return [];
  const newest = { number: file.version, storedAt: file.storedAt, storedBytes: file.storedBytes };
  const all: Shown[] = [newest, ...older];
  const { shown } = firstOf(all, SHOWN);
  const isClosed = ({ number }: Shown) =>
    checks.get(number)?.isGiven === false && !isWaiting(checks.get(number));
  const rest = all.slice(SHOWN);
  // Of what is in the menu, an admin sees what waits for their decision.
  const { shown: toRelease } = firstOf(
    rest.filter(({ number }) => releasable.has(number)),
    TO_RELEASE,
  );
  const { shown: further, more } = firstOf(
    rest.filter((one) => !isClosed(one)),
    IN_MENU,
  );
  return [
    divider(),
    section(`*${words.title}*`),
    ...[...shown, ...toRelease].map((version) =>
      line(file, version, {
        note: checkNote(checks.get(version.number)),
        offers: releasable.has(version.number) ? 'release' : isClosed(version) ? 'nothing' : 'download',
      }),
    ),
    ...menu(file, further),
    ...(more > 0 ? [context(common.more(more))] : []),
  ];
}

type Shown = Pick<FileVersion, 'number'> & Pick<FileRow, 'storedAt' | 'storedBytes'>;

const isWaiting = (check: Checked | undefined) => check?.state === 'waiting' || check?.reason === 'waited';

function line(
  file: FileRow,
  { number, storedAt, storedBytes }: Shown,
  { note, offers }: { note: string; offers: 'download' | 'release' | 'nothing' },
): KnownBlock {
  const when = storedAt === null ? '' : moment(storedAt);
  const isNewest = number === file.version;
  const sizes = words.line(number, when, sizeInWords(storedBytes));
  const text = [isNewest ? words.newest(sizes) : sizes, note].filter((part) => part !== '').join('\n');
  // Details offer the newest version's release above.
  if (offers === 'nothing' || (offers === 'release' && isNewest)) return section(text);
  const isRelease = offers === 'release';
  const labelOf = isRelease ? scan.releaseVersionLabel : words.downloadLabel;
  return section(
    text,
    button({
      actionId: isRelease ? 'scan_release' : 'download_version',
      text: isRelease ? scan.release : buttons.download,
      label: labelOf(number, plainName(file, nameLength.dialog)),
      value: `${file.fileId}:${number}`,
    }),
  );
}

function menu(file: FileRow, versions: Shown[]): KnownBlock[] {
  if (versions.length === 0) return [];
  const groups = Array.from({ length: Math.ceil(versions.length / IN_GROUP) }, (_, index) =>
    versions.slice(index * IN_GROUP, (index + 1) * IN_GROUP),
  );
  return actions([
    {
      type: 'static_select',
      action_id: 'download_version',
      placeholder: plain(words.earlier, limits.placeholder),
      option_groups: groups.map((group) => ({
        label: plain(words.range(group[0]?.number ?? 0, group.at(-1)?.number ?? 0), limits.optionText),
        options: group.map((version) => option(file, version)),
      })),
    },
  ]);
}

function option(file: FileRow, { number, storedAt, storedBytes }: Shown): PlainTextOption {
  const when = storedAt === null ? '' : utcMoment(storedAt);
  return {
    text: plain(words.plainLine(number, when, sizeInWords(storedBytes)), limits.optionText),
    value: `${file.fileId}:${number}`,
  };
}
