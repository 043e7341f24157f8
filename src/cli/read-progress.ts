import type { Catalog } from '../catalog/db/open.ts';
import { workspaceOf } from '../catalog/governance/workspace.ts';
import { type ReadingCounts, readingCounts } from '../catalog/reading/rows.ts';
import { isStartDue, wasEverRead } from '../catalog/reading/start.ts';
import { isReadAnywhere } from '../catalog/reading/wanted.ts';
import type { ReadingRoom } from '../contents/room.ts';
import type { ReadingLack } from '../text/reading-lacks.ts';

/** How far reading is. */
export interface ReadingProgress extends ReadingCounts {
  /** `off`: no channel is read. `not_begun`: nothing was noted down yet. `noting`: files from before are just being noted down. */
  state: 'off' | 'not_begun' | 'noting' | 'on';
  /** What this machine lacks to read files. */
  lacks: ReadingLack[];
}

/** How many files are left, and how many could not be read. */
export async function countsOf(catalog: Catalog): Promise<ReadingCounts> {
  return readingCounts(catalog, (await workspaceOf(catalog)) ?? '');
}

/** How far the bot is, and what it lacks. `byDefault`: whether channels without a setting of their own are read. */
export async function readingProgress(
  catalog: Catalog,
  byDefault: boolean,
  room: ReadingRoom,
): Promise<ReadingProgress> {
  const counts = await countsOf(catalog);
  if (!(await isReadAnywhere(catalog, byDefault))) return { ...counts, state: 'off', lacks: [] };
  await room.isThere();
  return { ...counts, state: await stateOf(catalog, byDefault, room), lacks: room.lacks() };
}

async function stateOf(catalog: Catalog, byDefault: boolean, { ocr }: ReadingRoom) {
  if (!(await wasEverRead(catalog))) return 'not_begun';
  return (await isStartDue(catalog, ocr, byDefault)) ? 'noting' : 'on';
}

/** Whether there is nothing left to do. */
export function isAllRead({ state, waiting }: ReadingProgress): boolean {
  return state === 'off' || (state === 'on' && waiting === 0);
}
