import { sizeInWords } from '../blocks/kit/size.ts';
import { count } from '../blocks/text/wording.ts';
import type { RebuildSummary } from './rebuild.ts';

/** At most this many lost files are named. The JSON has them all. */
const NAMED = 20;

/** True when everything that the vault had is there again. */
export function isWhole({ damaged, missing, lost, unreadable }: RebuildSummary): boolean {
  return damaged.length + missing.length === 0 && lost.length === 0 && unreadable.length === 0;
}

/** The summary, for a person. */
export function rebuildText(summary: RebuildSummary): string {
  const { files, bytes, shares, channels, audit, segments, damaged, objects, adopted, lost, strangers } =
    summary;
  const { unreadable } = summary;
  const states = Object.entries(files).map(([state, n]) => `${n} ${state}`);
  const lines = [
    `Rebuilt the catalog of workspace ${summary.teamId ?? '(none found)'} from the bucket.`,
    `  files     ${states.join(', ') || 'none'} (${sizeInWords(bytes)})`,
    `  also      ${count(shares, 'share')}, ${count(channels, 'channel')}, ${count(audit, 'audit entry', 'audit entries')}`,
    `  read      ${count(segments, 'segment')} of the journal, ${count(objects, 'object')}`,
  ];
  if (adopted > 0)
    lines.push(`  adopted   ${count(adopted, 'file')} that only the objects themselves told of`);
  if (strangers > 0)
    lines.push(`  left      ${count(strangers, 'object')} that belong to no file of this catalog`);
  for (const segment of damaged) lines.push(`  DAMAGED   segment ${segment}: passed over`);
  for (const segment of summary.missing)
    lines.push(`  MISSING   segment ${segment}: it was written and is not there`);
  for (const { fileId, key, capturedAgain, cutOff } of lost.slice(0, NAMED)) {
    const again = cutOff === undefined ? 'Slack does not have it either' : 'look for it in Slack';
    const remedy = capturedAgain ? 'the bot captures it again from Slack' : again;
    const part = cutOff === undefined ? '' : `, cut off, ${cutOff}`;
    lines.push(`  LOST      ${fileId} (${key ?? 'no key'}${part}): ${remedy}`);
  }
  for (const { key, why } of unreadable.slice(0, NAMED)) lines.push(`  UNREAD    ${key ?? 'no key'}: ${why}`);
  if (unreadable.length > NAMED)
    lines.push(`  UNREAD    … and ${unreadable.length - NAMED} more; see --json`);
  if (lost.length > NAMED) lines.push(`  LOST      … and ${lost.length - NAMED} more; see --json`);
  lines.push(
    isWhole(summary)
      ? 'Nothing is missing. Start the bot with npm start.'
      : `Something is missing, as named above. Start the bot with npm start; it captures again what Slack still has.${unreadable.length > 0 ? ' When the bucket gives what could not be read, npm run verify -- --deep --repair takes it in.' : ''}`,
  );
  return lines.join('\n');
}
