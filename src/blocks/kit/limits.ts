/**
 * Block Kit's limits, and functions that make text fit them.
 *
 * A message holds 50 blocks and a view 100; every screen caps its lists far below that. Lengths are UTF-16 units,
 * which is never less than what Slack counts. The numbers are those of Slack's Block Kit reference
 * (docs.slack.dev/reference/block-kit) and of the comments in `@slack/types`; the option value is 150 in the
 * reference, though the types still say 75.
 */
export const limits = {
  messageBlocks: 50,
  headerText: 150,
  sectionText: 3000,
  actionsElements: 25,
  blockId: 255,
  placeholder: 150,
  buttonText: 75,
  buttonValue: 2000,
  buttonUrl: 3000,
  imageUrl: 3000,
  accessibilityLabel: 75,
  optionText: 75,
  optionValue: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  viewTitle: 24,
  viewButton: 24,
  /** docs.slack.dev/reference/views/modal-views */
  privateMetadata: 3000,
} as const;

/** How much of a file's name is shown in a line of a list, in a dialog, and on a screen with space. */
export const nameLength = { line: 64, summary: 48, dialog: 120, full: 400 } as const;

/** Files on one page of `/vault list`. */
export const LIST_PAGE_SIZE = 10;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ELLIPSIS = '…';

/** The beginning of `text`, at most `max` units, in whole visible characters; an ellipsis marks the cut. */
export function cutEnd(text: string, max: number): string {
  if (text.length <= max) return text;
  return takeStart(text, max - ELLIPSIS.length) + ELLIPSIS;
}

/** Like `cutEnd`, but cuts out the middle: the last third stays, with a file name's extension. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = takeEnd(text, Math.floor(max / 3));
  return takeStart(text, max - ELLIPSIS.length - end.length) + ELLIPSIS + end;
}

// Both look only at a part somewhat larger than the result, so that a title of a megabyte costs nothing.
function takeStart(text: string, max: number): string {
  let end = 0;
  for (const { index, segment } of segmenter.segment(text.slice(0, max * 4))) {
    if (index + segment.length > max) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

function takeEnd(text: string, max: number): string {
  const window = text.slice(-max * 4);
  for (const { index } of segmenter.segment(window)) {
    if (window.length - index <= max) return window.slice(index);
  }
  return '';
}
