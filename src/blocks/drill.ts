import type { DamageKind, DrillMemo } from '../catalog/alerts/drills.ts';
import { escapeMrkdwn, moment } from './kit/mrkdwn.ts';
import { count } from './text/wording.ts';
import { damageWords, drills as text } from './text/wording-drill.ts';

/** How the last restore drill went, in a line or two for people who run the vault. */
export function drillLines(memo: Pick<DrillMemo, 'last' | 'failed'>, drillDays: number): string[] {
  const { last, failed } = memo;
  const trouble = failed === undefined ? [] : [text.failed(moment(failed.at), escapeMrkdwn(failed.why))];
  if (last === undefined) return [...(drillDays === 0 ? [text.off] : [text.none]), ...trouble];
  const { startedAt, finishedAt, files, read, counts } = last;
  const differing = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return [text.last(moment(finishedAt), files, span(finishedAt - startedAt), differing, read), ...trouble];
}

/** `2 objects are missing, 1 row comes back otherwise`. */
export function damagesInWords(counts: DrillMemoCounts): string {
  return (Object.entries(counts) as Array<[DamageKind, number]>)
    .map(([kind, n]) => count(n, damageWords[kind].one, damageWords[kind].many))
    .join(', ');
}

type DrillMemoCounts = Partial<Record<DamageKind, number>>;

/** `4 min`: a span (ms) in the largest unit that says enough. */
function span(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
