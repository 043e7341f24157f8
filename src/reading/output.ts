import type { Part } from './reading.ts';
import { tidy } from './tidy.ts';

/** Thrown when a document gives no more. What came before it counts. */
export class Enough extends Error {
  override readonly name = 'Enough';
  readonly reason: 'too_large' | 'pictures_not_read';

  constructor(reason: Enough['reason'] = 'too_large') {
    super();
    this.reason = reason;
  }
}

/** Where an extractor writes what it finds. All of its methods may throw `Enough`. */
export interface Output {
  /** What is written from here on stands on this page. */
  page(number: number | null): void;
  write(text: string): void;
  /** Gives away what is left. */
  end(): void;
}

/** So much is gathered before it is given away, in letters. */
const PART = 32_768;

/** Gathers text into parts. No part breaks a word, if there is a gap in so many letters, nor is it longer. */
export function openOutput({ letters, give }: { letters: number; give(part: Part): void }): Output {
  let page: number | null = null;
  let held = '';
  let left = letters;
  const giveUpTo = (end: number) => {
    const text = tidy(held.slice(0, end));
    held = held.slice(end);
    if (text !== '') give({ page, text });
  };
  return {
    page(number) {
      if (number === page) return;
      giveUpTo(held.length);
      page = number;
    },
    write(text) {
      const taken = text.length > left ? text.slice(0, left) : text;
      left -= taken.length;
      held += taken;
      while (held.length >= PART) giveUpTo(lastGap(held.slice(0, PART)));
      if (left === 0 && taken.length < text.length) throw new Enough();
    },
    end: () => giveUpTo(held.length),
  };
}

/** Just after the last blank or line end; the whole length when there is none. No letter is cut. */
function lastGap(text: string): number {
  const at = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n'), text.lastIndexOf('\t'));
  if (at > 0) return at + 1;
  const isHalf = (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
  return isHalf ? text.length - 1 : text.length;
}
