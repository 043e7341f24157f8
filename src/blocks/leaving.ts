import type { KnownBlock } from '@slack/types';
import type { KeptFiles, LeavingFile } from '../catalog/governance/leaving.ts';
import { nameOf } from '../text/file-name.ts';
import { encodeButtonValue } from './kit/button-value.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { limits, nameLength } from './kit/limits.ts';
import { boldName, dayOf, moment, quietName, visibleName } from './kit/mrkdwn.ts';
import { channelNamed, type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { sizeInWords } from './kit/size.ts';
import { common, count } from './text/wording.ts';
import { leaving as words } from './text/wording-leaving.ts';

/** Files named in the message, days told in it, and files listed in the window. */
export const LEAVING_SHOWN = 5;
const DAYS = 7;
export const LEAVING_LISTED = 80;

/** Somebody's files that go to the trash on one day (days since 1970, UTC). */
export interface LeavingDay {
  day: number;
  total: number;
  files: LeavingFile[];
  /** Those that they kept. */
  kept?: KeptFiles;
  names?: Named;
}

/** The direct message a week before: what goes when, the first files by name, and a button for the rest. */
export function leavingMessage({ days, trashDays }: { days: LeavingDay[]; trashDays: number }): Screen {
  const told = days.map(({ day }) => day).join(',');
  const shown: KnownBlock[][] = [];
  // The last two are for the days that have no room, and for the hint.
  let room = limits.messageBlocks - 2;
  for (const one of days.slice(0, DAYS)) {
    const files = one.files.slice(0, LEAVING_SHOWN).map((file) => line(file, told, one.names));
    const part = [section(title(one)), ...files, ...keptLine(one), ...moreButton(one)];
    room -= part.length;
    if (room < 0) break;
    shown.push(part);
  }
  const more = days.length - shown.length;
  return {
    text: days.map(title).join(' '),
    blocks: [
      ...shown.flat(),
      ...(more === 0 ? [] : [context(words.moreDays(count(more, 'day')))]),
      ...(days.some(({ total }) => total > 0) ? [context(words.hint(trashDays))] : []),
    ],
  };
}

/** All of a day, as far as a window goes. */
export function leavingList(one: LeavingDay): Screen {
  const shown = one.files.slice(0, LEAVING_LISTED);
  const more = one.total - shown.length;
  return {
    text: title(one),
    blocks: [
      section(title(one)),
      ...keptLine(one),
      ...shown.map((file) => line(file, String(one.day), one.names)),
      ...(more > 0 ? [context(words.more(more))] : []),
    ],
  };
}

function keptLine({ kept }: LeavingDay): KnownBlock[] {
  if (kept === undefined || kept.total === 0) return [];
  const names = kept.names.map((name) => quietName(name, nameLength.line));
  return [context(words.keptOf(names.join(', '), kept.total - names.length))];
}

function title({ day, total }: LeavingDay): string {
  return total === 0 ? words.none(dayOf(day)) : words.files(count(total, 'file'), dayOf(day));
}

function moreButton({ day, total, files }: LeavingDay): KnownBlock[] {
  const more = total - Math.min(files.length, LEAVING_SHOWN);
  if (more <= 0) return [];
  return actions([
    button({
      actionId: 'leaving_more',
      text: words.more(more),
      label: words.moreLabel(more),
      value: String(day),
    }),
  ]);
}

/** `days`: those of the message or window that the button is in, so that it can be drawn again. */
function line(file: LeavingFile, days: string, names: Named = NO_NAMES): KnownBlock {
  const facts = common.joined([sizeInWords(file.bytes), channelNamed(file.channelId, names)]);
  const name = nameOf(file);
  const keep = button({
    actionId: 'leaving_keep',
    text: words.keep,
    label: words.keepLabel(visibleName(name, 40)),
    value: encodeButtonValue(file.fileId, days) ?? '',
  });
  return section(`${boldName(name, nameLength.line)}\n${facts}`, file.mayKeep ? keep : undefined);
}

/** To the uploader who kept a file. */
export function keptScreen(file: { name: string | null; title: string | null }): Screen {
  const text = words.kept(quietName(nameOf(file), nameLength.line));
  return { text, blocks: [section(text)] };
}

/** To whoever lets retention take it again. */
export function keepEndedScreen(file: { name: string | null; title: string | null }): Screen {
  const text = words.ended(quietName(nameOf(file), nameLength.line));
  return { text, blocks: [section(text)] };
}

/** In a file's Details: who keeps it, with a button to end that. */
export function keptBlocks(
  kept: { by: string; at: number } | null,
  file: { fileId: string; name: string | null },
  names: Named = NO_NAMES,
) {
  if (kept === null) return [];
  const end = button({
    actionId: 'keep_end',
    text: words.end,
    label: words.endLabel(visibleName(file.name, 40)),
    value: file.fileId,
  });
  return [section(words.keptBy(personNamed(kept.by, names), moment(kept.at)), end)];
}
