import { decodeButtonValue, textPart } from '../blocks/kit/button-value.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import {
  keepEndedScreen,
  keptScreen,
  LEAVING_LISTED,
  LEAVING_SHOWN,
  leavingList,
  leavingMessage,
} from '../blocks/leaving.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { staleScreen } from '../blocks/stale.ts';
import type { Vault } from '../vault/context.ts';
import { keepFromRetention, ownLeaving, stopKeeping } from '../vault/retention.ts';
import { redrawHere } from './behind.ts';
import type { Action } from './click.ts';

/** Keep this one: retention does not take the file. The message or the window that it is in says so in its place. */
export const leavingKeep: Action = {
  id: 'leaving_keep',
  async run(vault, click) {
    const { userId, value, where } = click;
    // Those of older versions have the file alone.
    const place = decodeButtonValue(value, [textPart, textPart]) ?? decodeButtonValue(value, [textPart]);
    if (place === null) return click.show(staleScreen());
    const [fileId, told = ''] = place;
    const file = await keepFromRetention(vault, { userId, fileId });
    const days = told.split(',').flatMap((day) => (isDay(day) ? [Number(day)] : []));
    const [first] = days;
    if (first === undefined) return click.show(keptScreen(file));
    if (where === 'modal') return click.replace(await listOf(vault, userId, first));
    const left = days.slice(0, MOST_DAYS).map(async (day) => {
      return { day, ...(await ownLeaving(vault, { userId, day, limit: LEAVING_SHOWN })) };
    });
    const { trashDays } = vault.policy;
    await click.replace(leavingMessage({ days: await Promise.all(left), trashDays }));
  },
};

/** More are in no message. */
const MOST_DAYS = 50;

const isDay = (text: string) => /^\d{1,6}$/.test(text);

async function listOf(vault: Vault, userId: string, day: number): Promise<Screen> {
  return leavingList({ day, ...(await ownLeaving(vault, { userId, day, limit: LEAVING_LISTED })) });
}

/** "and 7 more": all files of that day. */
export const leavingMore: Action = {
  id: 'leaving_more',
  async run(vault, { userId, value, open }) {
    const day = isDay(value) ? Number(value) : 0;
    await open(async () => screenModal(await listOf(vault, userId, day)));
  },
};

/** Stop keeping, in a file's Details. */
export const keepEnd: Action = {
  id: 'keep_end',
  async run(vault, click) {
    const { userId, value: fileId } = click;
    await click.show(keepEndedScreen(await stopKeeping(vault, { userId, fileId })));
    await redrawHere(vault, click);
  },
};
