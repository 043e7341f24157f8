import type { EntryIndex } from './entry-index.ts';
import type { Seen } from './look.ts';
import { isToBeHad } from './record.ts';
import { addStored, type ImportReport, takeBack } from './report.ts';
import { HAD, type Stored } from './store.ts';

/** Counts what an import would do with each file that it is shown. A later message may show a file whole. */
export function startTrial(index: EntryIndex, report: ImportReport): (seen: Seen) => void {
  /** What was counted for a file; '' if its bytes would come. */
  const counted = index.notes();
  return (seen) => {
    const { fileId, state, bytes } = seen;
    const before = counted.get(fileId);
    if (before === '') return;
    if (HAD.includes(state)) {
      counted.set(fileId, '');
      addStored(report, fileId, { what: 'already' });
      return;
    }
    const lack = lackOf(seen);
    if (before !== undefined && lack?.what === 'not_had') return;
    const told = before === undefined ? undefined : (JSON.parse(before) as Stored);
    if (told !== undefined) takeBack(report, told);
    // A running bot brings those that wait.
    if (told?.what !== 'waits' && lack?.what !== 'not_had') report.bytesToCome += bytes ?? 0;
    if (lack !== undefined) addStored(report, fileId, lack);
    counted.set(fileId, lack === undefined ? '' : JSON.stringify(lack));
  };
}

/** Why a file's bytes would not come with the import. */
function lackOf(seen: Seen): Stored | undefined {
  if (seen.leftOut !== null) return { what: 'not_had', reason: seen.leftOut };
  if (isToBeHad(seen)) return undefined;
  return seen.reason === null ? { what: 'waits' } : { what: 'not_had', reason: seen.reason };
}
