import * as v from 'valibot';
import { readJson } from '../blocks/kit/carried.ts';
import { unknownWindow } from '../refusals/outdated.ts';
import { readField } from '../text/typed.ts';
import type { InputValues } from './submission.ts';

interface Value {
  value?: string | null;
  selected_option?: { value?: string } | null;
  selected_options?: Array<{ value?: string }>;
  selected_user?: string | null;
  selected_conversation?: string | null;
  selected_date?: string | null;
}

/** The value of a modal's field: its text or the choice; empty for nothing. Never trusted. */
export function fieldOf(values: InputValues, block: string): string {
  const value = values[block]?.value as Value | undefined;
  const chosen = value?.selected_user ?? value?.selected_conversation ?? value?.selected_date;
  const typed = typeof value?.value === 'string' ? readField(value.value) : undefined;
  return (typed ?? value?.selected_option?.value ?? chosen ?? '').trim();
}

/** The boxes that are ticked in a list of checkboxes, in any block. */
export function tickedIn(values: InputValues, actionId: string): string[] {
  return Object.values(values).flatMap((block) => {
    const { selected_options: ticked = [] } = (block[actionId] ?? {}) as Value;
    return ticked.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  });
}

/** Whether a modal's single box is ticked. */
export function isTicked(values: InputValues, block: string): boolean {
  return tickedIn({ [block]: values[block] ?? {} }, 'value').length > 0;
}

const OF_FILE = v.object({ fileId: v.string() });

/** The file that a window is about, from its metadata. Never trusted. Throws `UserError`. */
export function fileIn(metadata: string): string {
  const meant = readJson(OF_FILE, metadata);
  if (meant === null) throw unknownWindow();
  return meant.fileId;
}
