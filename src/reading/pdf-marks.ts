import type { PDFPageProxy } from 'unpdf/pdfjs';
import type { Output } from './output.ts';

/** What is used of an annotation, as PDF.js 5 tells it (its src/core/annotation.js). */
interface Mark {
  subtype?: string;
  /** Of 12.5.3: 2 is hidden, 32 is not to be seen. */
  annotationFlags?: number;
  contentsObj?: { str?: string };
  richText?: { str?: string } | null;
  /** What is drawn on the page for it. */
  textContent?: string[];
  /** A state that a reader set ("Accepted"), written as an answer. */
  stateModel?: string;
  fieldType?: string;
  fieldValue?: string | string[] | null;
  options?: { exportValue?: string; displayValue?: string }[];
  password?: boolean;
  hidden?: boolean;
}

/** Notes of people (ISO 32000-1, 12.5.6.2). Beside these there are links, films, and windows that show a note again. */
const NOTES = new Set(
  'Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink FileAttachment'.split(
    ' ',
  ),
);
/** Fields with text, and lists to choose from (12.7.4). The others are ticks, buttons and signatures. */
const FIELDS = new Set(['Tx', 'Ch']);
const UNSEEN = 2 | 32;

/** What people wrote on a page: into the fields of a form, and as notes. The same once, as fields may be on a page again. */
export async function readMarks(page: PDFPageProxy, out: Output): Promise<void> {
  const marks: Mark[] = await page.getAnnotations({ intent: 'display' });
  const written = new Set(marks.flatMap(wordsOf).filter((words) => words.trim() !== ''));
  for (const words of written) out.write(`\n${words}`);
}

function wordsOf(mark: Mark): string[] {
  if (mark.hidden || ((mark.annotationFlags ?? 0) & UNSEEN) !== 0) return [];
  if (mark.subtype === 'Widget') return valuesOf(mark);
  if (!NOTES.has(mark.subtype ?? '') || mark.stateModel) return [];
  return [mark.contentsObj?.str || mark.richText?.str || (mark.textContent ?? []).join('\n')];
}

/** A list tells its choice by a name of its own; people see another. */
function valuesOf({ fieldType, fieldValue, options = [], password }: Mark): string[] {
  if (password || !FIELDS.has(fieldType ?? '')) return [];
  const shown = new Map(options.map((one) => [one.exportValue, one.displayValue]));
  return [fieldValue ?? []].flat().map((value) => shown.get(value) ?? value);
}
