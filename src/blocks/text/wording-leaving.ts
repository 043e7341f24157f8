/** What uploaders read before retention takes their files. */

import { graceInWords } from './wording.ts';

export const leaving = {
  files: (files: string, day: string) => `${files} of yours will go to the trash on ${day}.`,
  none: (day: string) => `None of your files goes to the trash on ${day} any more.`,
  hint: (trashDays: number) => `The channel’s rule says so. ${graceInWords(trashDays, 'them')}`,
  keep: 'Keep this one',
  /** Plain. */
  keepLabel: (plainName: string) => `Keep this one: ${plainName}`,
  more: (n: number) => `and ${n.toLocaleString('en-US')} more`,
  /** Plain. */
  moreLabel: (n: number) => `and ${n.toLocaleString('en-US')} more: all files that go to the trash that day`,
  moreDays: (days: string) => `…and more on ${days} after that.`,
  keptOf: (names: string, more: number) =>
    `You are keeping: ${names}${more === 0 ? '' : ` and ${more.toLocaleString('en-US')} more`}`,
  kept: (name: string) => `You are keeping ${name}. It does not go to the trash by itself.`,
  ended: (name: string) => `Nobody is keeping ${name} now. It can go to the trash by itself again.`,
  keptBy: (person: string, moment: string) => `${person} is keeping this · ${moment}`,
  end: 'Stop keeping',
  /** Plain. */
  endLabel: (plainName: string) => `Stop keeping ${plainName}`,
};
