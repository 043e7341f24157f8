import type { PartSums } from '../catalog/sweep/backfill-all.ts';
import type { Backfill } from '../catalog/sweep/backfills.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { channel, type Names, plainPerson } from './kit/mrkdwn.ts';
import { common } from './text/wording.ts';
import { backfillAll as all, backfill as words } from './text/wording-backfill.ts';

export interface BackfillOfAllInput {
  backfill: Backfill;
  sums: PartSums;
  /** The plain names of those who started and stopped it. */
  names?: Names;
}

/** How far the backfill of all channels is, with Stop while it walks; in the end the same message is its summary. */
export function backfillOfAllProgress({ backfill, sums, names = new Map() }: BackfillOfAllInput): Screen {
  const title = titleOf(backfill, names);
  const isOver = backfill.state === 'done' || backfill.state === 'stopped';
  const { found, known, stored, skipped } = sums;
  const left = found - stored - skipped;
  const lines = [
    title,
    common.joined([
      isOver ? all.channels(sums.done) : all.progress(sums.done, sums.channels),
      words.found(known + found),
      known > 0 ? words.known(known) : '',
      words.stored(stored),
      skipped > 0 ? all.skipped(skipped) : '',
      left > 0 ? words.left(left) : '',
    ]),
    ...(sums.failed > 0 ? [all.failed(sums.failedIds.map(channel), sums.failed)] : []),
  ];
  return {
    text: lines.slice(0, 2).join(' · '),
    blocks: [
      section(lines.join('\n')),
      context(
        common.joined([
          words.read(sums.pages, sums.messages),
          words.startedBy(plainPerson(backfill.requestedBy, names)),
        ]),
      ),
      ...(backfill.state === 'walking'
        ? actions([button({ actionId: 'backfill_all_stop', text: words.stop, label: words.stopLabel })])
        : []),
    ],
  };
}

/** To the person who starts it: it began, or how far the running one is. */
export function backfillOfAllBegun(
  o: { isNew: true; channels: number } | ({ isNew: false } & BackfillOfAllInput),
): Screen {
  if (!o.isNew) return backfillOfAllProgress(o);
  const text = all.started(o.channels);
  return { text, blocks: [section(text)] };
}

function titleOf({ state, stoppedBy }: Backfill, names: Names): string {
  if (state === 'done') return all.done;
  if (state === 'walking') return all.walking;
  if (state === 'stopped') return all.stopped(plainPerson(stoppedBy, names));
  return stoppedBy === null ? all.walking : words.stopping(plainPerson(stoppedBy, names));
}
