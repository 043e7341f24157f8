import { attribute } from './xml.ts';

/** What a run of letters is like (`rPr`): of a paragraph's end, and as it was before a change, it says nothing of the letters. */
const OF_SOMETHING_ELSE = new Set(['pPr', 'rPrChange']);
const OFF = /^(?:0|false|off)$/;

/** Follows the runs of a Word document: letters that are hidden stand in one that says so (`vanish`: ECMA-376, part 1, chapter 17.3.2.41). */
export function hiddenRuns(): {
  open(name: string, attributes: Record<string, string>): void;
  close(name: string): void;
  isWithin(): boolean;
} {
  /** The runs that are open, from outside to inside, and whether each is hidden: a box stands in a run, and has its own. */
  const runs: boolean[] = [];
  let hidden = 0;
  let elsewhere = 0;
  const end = () => {
    hidden -= Number(runs.pop() ?? false);
  };
  const begin = (isHidden: boolean) => {
    hidden += Number(isHidden);
    runs.push(isHidden);
  };
  return {
    open(name, attributes) {
      if (name === 'r') begin(false);
      else if (OF_SOMETHING_ELSE.has(name)) elsewhere += 1;
      else if (name === 'vanish' && elsewhere === 0 && runs.length > 0) {
        end();
        begin(!OFF.test(attribute(attributes, 'val') ?? ''));
      }
    },
    close(name) {
      if (name === 'r') end();
      else if (OF_SOMETHING_ELSE.has(name)) elsewhere -= 1;
    },
    isWithin: () => hidden > 0,
  };
}
