import type { Ask } from '../answers/asks.ts';
import { PEOPLE, type World } from '../answers/world.ts';
import { BIG_CHANNEL } from '../sample.ts';
import { wordAt } from './words.ts';

/** By how frequent they are: in nearly every document, in every fifth, in one of some two hundred. */
const [usual, other, frequent, another, rare] = [5, 9, 500, 520, 18_000].map(wordAt) as [
  string,
  string,
  string,
  string,
  string,
];

/** Searches by words, as people type them. */
export function searchesOf(world: World): Ask[] {
  const typed = (name: string, text: string, userId = PEOPLE.member, channelId = BIG_CHANNEL): Ask => ({
    name,
    run: () => world.deliver('command', { text: `find ${text}`, user_id: userId, channel_id: channelId }),
  });
  /** What was found in texts is remembered: each time, other words are asked for, which are as frequent. */
  const first = (name: string, text: (n: number) => string): Ask => {
    let asked = 0;
    return { name, run: () => typed('', text(asked++)).run(undefined) };
  };
  return [
    typed('a word in nearly every document', usual),
    typed('a word in every fifth', frequent),
    typed('a rare word', rare),
    typed('two words in nearly every one', `${usual} ${other}`),
    typed('two words in every fifth', `${frequent} ${another}`),
    typed('a usual and a rare word', `${usual} ${rare}`),
    typed('five words', `${usual} ${other} ${frequent} ${another} ${rare}`),
    typed('words in quotes', `"${usual} ${other}"`),
    typed('a frequent and a rare word in quotes', `"${frequent} ${rare}"`),
    first('the same for the first time', (n) => `"${wordAt(501 + n)} ${wordAt(18_001 + n)}"`),
    first(
      'two frequent words in quotes, for the first time',
      (n) => `"${wordAt(400 + n)} ${wordAt(601 + n)}"`,
    ),
    first(
      'a usual and a frequent word in quotes, for the first time',
      (n) => `"${wordAt(10)} ${wordAt(401 + n)}"`,
    ),
    typed('only texts', `in:text ${frequent}`),
    typed('only names', `in:name ${frequent}`),
    typed('in a channel', `<#C3> ${frequent}`),
    typed('of a person', `<@U8> ${frequent}`),
    typed('of a type, before a date', `type:pdf before:2023-01-01 ${frequent}`),
    typed('without another word', `${frequent} -${another}`),
    typed('without a usual word', `${frequent} -${usual}`),
    typed('a usual word without another one', `${other} -${usual}`),
    typed('largest first', `${frequent} sort:size`),
    typed('a word in names, too', 'report'),
    typed('a word of names and one in every fifth', `report ${frequent}`),
    typed('a word that nobody wrote', 'xyzzyplugh'),
    typed('as an admin', frequent, PEOPLE.admin),
    typed('as a guest', frequent, PEOPLE.guest, 'C3'),
    typed('a rare word as a guest', rare, PEOPLE.guest, 'C3'),
  ];
}
