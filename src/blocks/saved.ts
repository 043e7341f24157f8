import { context, type Screen, sectionsOf } from './kit/elements.ts';
import { count } from './text/wording.ts';
import { save as words } from './text/wording-find.ts';

/** What happened to the files of a saved message. */
export interface Saved {
  onTheWay: number;
  already: number;
  notKept: number;
}

export function savedScreen({ onTheWay, already, notKept }: Saved): Screen {
  const files = (n: number) => count(n, 'file is', 'files are');
  const lines = [
    ...(onTheWay > 0 ? [words.onTheWay(files(onTheWay))] : []),
    ...(already > 0 ? [words.already(files(already))] : []),
    ...(notKept > 0 ? [words.notKept(count(notKept, 'file'))] : []),
  ];
  return { text: lines.join(' '), blocks: [...sectionsOf(lines), context(words.findHint)] };
}
