/** Where a row stands, in the id of its block, so that a click can draw its screen again. Lists of files: cursor.ts. */
import type { TrashCursor } from '../../catalog/governance/trash-list.ts';
import { decodeParts, encodeParts, numberPart, textPart } from './button-value.ts';
import { decodeSought, encodeSought, type Sought } from './cursor.ts';
import { limits } from './limits.ts';

/** A page of the trash: the files after `after`, or the newest. */
export interface TrashPlace {
  channelId: string;
  after: TrashCursor | null;
}

export function encodeTrashPlace(row: number, { channelId, after }: TrashPlace): string | null {
  const prefix = `trash${row}:`;
  const parts = after === null ? [channelId] : [channelId, after.trashedAt, after.fileId];
  const words = encodeParts(parts, limits.blockId - prefix.length);
  return words === null ? null : `${prefix}${words}`;
}

/** Never trusted, only parsed; null if `encodeTrashPlace` did not write it. */
export function decodeTrashPlace(blockId: unknown): TrashPlace | null {
  if (typeof blockId !== 'string' || !/^trash\d{1,2}:/.test(blockId)) return null;
  const words = blockId.slice(blockId.indexOf(':') + 1);
  const first = decodeParts(words, [textPart], limits.blockId);
  if (first !== null) return { channelId: first[0], after: null };
  const later = decodeParts(words, [textPart, numberPart, textPart], limits.blockId);
  return later && { channelId: later[0], after: { trashedAt: later[1], fileId: later[2] } };
}

/** The list to delete from, with the words that were typed for it. */
export function encodeChooser(sought: Sought): string | null {
  return encodeSought('choose', sought);
}

export function decodeChooser(blockId: unknown): Sought | null {
  return typeof blockId === 'string' && blockId.startsWith('choose:') ? decodeSought(blockId) : null;
}

/** The settings of a channel. `part` tells its blocks apart. */
export function encodeSettings(part: string, channelId: string): string {
  return `settings-${part}:${channelId}`;
}

/** The channel whose settings were clicked in; null if that was elsewhere. */
export function decodeSettings(blockId: unknown): string | null {
  if (typeof blockId !== 'string') return null;
  return /^settings-[a-z]+:([A-Z0-9]{1,40})$/.exec(blockId)?.[1] ?? null;
}
