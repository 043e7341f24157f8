import type { ModalView } from '@slack/types';
import * as v from 'valibot';
import { readJson } from './carried.ts';
import { limits } from './limits.ts';

const OBJECT = v.record(v.string(), v.unknown());
const OVER = v.object({ over: v.literal(true) });

/** The window with a mark that it was opened over a screen which shows the same. What it carries stays. */
export function marked(view: ModalView): ModalView {
  const carried = readJson(OBJECT, view.private_metadata || '{}');
  if (carried === null) return view;
  const metadata = JSON.stringify({ ...carried, over: true });
  return metadata.length > limits.privateMetadata ? view : { ...view, private_metadata: metadata };
}

/** Whether a window has that mark. Never trusted: it decides about a hint alone. */
export function isOverScreen(metadata: string): boolean {
  return readJson(OVER, metadata) !== null;
}
