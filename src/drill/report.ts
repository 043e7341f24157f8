import { sizeInWords } from '../blocks/kit/size.ts';
import { count } from '../blocks/text/wording.ts';
import { damageWords } from '../blocks/text/wording-drill.ts';
import { type Damage, type DamageKind, type DrillSummary, differences } from '../catalog/alerts/drills.ts';

/** The outcome, for a person at a command line. */
export function drillText(summary: DrillSummary): string {
  const { files, rows, segments, objects, bytes, read, readBytes, archived, waiting, unsettled } = summary;
  const differing = differences(summary);
  const seconds = Math.max(1, Math.round((summary.finishedAt - summary.startedAt) / 1000));
  const lines = [
    'Restore drill: the catalog from the bucket alone, held against the one in use.',
    `  back      ${count(files, 'file')}, ${count(rows, 'row')} in all, from ${count(segments, 'segment')} of the journal`,
    `  listed    ${count(objects, 'object')} (${sizeInWords(bytes)})`,
    `  read      ${count(read, 'object')} whole (${sizeInWords(readBytes)})`,
    `  took      ${count(seconds, 'second')}`,
  ];
  if (archived > 0) lines.push(`  archived  ${count(archived, 'object')}, not read`);
  if (waiting > 0) lines.push(`  waiting   ${count(waiting, 'row')} that the journal tells of next`);
  if (unsettled > 0) lines.push(`  unsettled ${count(unsettled, 'row')} that kept changing`);
  for (const [kind, n] of Object.entries(summary.counts) as Array<[DamageKind, number]>) {
    lines.push(`${count(n, damageWords[kind].one, damageWords[kind].many)}:`);
    const named = summary.examples.filter((damage) => damage.kind === kind);
    for (const damage of named) lines.push(`  ${damageLine(damage)}`);
    if (n > named.length) lines.push(`  … and ${n - named.length} more`);
  }
  lines.push(
    differing === 0
      ? 'Nothing differs.'
      : `${count(differing, 'thing differs', 'things differ')}. docs/backup.md says what to do about each.`,
  );
  return lines.join('\n');
}

function damageLine({ what, detail }: Damage): string {
  return detail === '' ? what : `${what}: ${detail}`;
}
