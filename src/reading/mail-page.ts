import { htmlReader } from './html.ts';
import { Enough, type Output, openOutput } from './output.ts';
import { tidy } from './tidy.ts';

/** So many letters of a page are looked at. */
const LETTERS_LOOKED_AT = 200_000;
/** Where more of a page's words are new, it is another text, and read as a whole: some mails say in their text only that there is a page. */
const MOST_NEW = 0.4;

export interface Texts {
  text(text: string): void;
  /** What a page shows and no text before it says: a table, a line below the text, all of it. */
  page(html: string): void;
}

/** Writes the texts and the pages of a mail, most of which say the same. */
export function openTexts(out: Output): Texts {
  const said = new Set<string>();
  let texts: string[] = [];
  return {
    text(text) {
      out.write(text);
      texts.push(text);
    },
    page(html) {
      for (const text of texts) for (const word of wordsOf(text)) said.add(word);
      texts = [];
      if (isAnother(html, said)) {
        out.write('\n\n');
        writeShown(html, out);
        return;
      }
      const page = newLines(said, out);
      writeShown(html, page);
      page.end();
    },
  };
}

function isAnother(html: string, said: ReadonlySet<string>): boolean {
  const shown: string[] = [];
  const looked = openOutput({ letters: LETTERS_LOOKED_AT, give: (part) => void shown.push(part.text) });
  try {
    writeShown(html, looked);
    looked.end();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  const words = [...wordsOf(shown.join('\n'))];
  return words.filter((word) => !said.has(word)).length > words.length * MOST_NEW;
}

/** Lets lines through that have a word that was not said. */
function newLines(said: ReadonlySet<string>, out: Output): Output {
  let held: string[] = [];
  let gap = '\n\n';
  const giveLine = () => {
    const line = held.join('');
    held = [];
    if (!saysNew(line, said)) return;
    out.write(gap + line);
    gap = '\n';
  };
  return {
    page: () => undefined,
    write(text) {
      const [first = '', ...others] = text.split('\n');
      held.push(first);
      for (const line of others) {
        giveLine();
        held.push(line);
      }
    },
    end: giveLine,
  };
}

/** A price, a day and a time are one; without the signs of their vowels, words of India are hardly told apart. */
const WORDS = /\p{N}+(?:[.,:/-]\p{N}+)+|[\p{L}\p{M}\p{N}]+/gu;

const wordsOf = (text: string): ReadonlySet<string> => new Set(tidy(text).toLowerCase().match(WORDS));

function saysNew(line: string, said: ReadonlySet<string>): boolean {
  for (const [word] of tidy(line).toLowerCase().matchAll(WORDS)) if (!said.has(word)) return true;
  return false;
}

function writeShown(html: string, out: Output): void {
  const page = htmlReader(out);
  page.write(html);
  page.end();
}
