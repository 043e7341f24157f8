import { sizeInWords } from '../blocks/kit/size.ts';
import { numbers } from '../blocks/text/wording.ts';
import { reasons } from '../blocks/text/wording-unkept.ts';
import type { ImportReport } from '../import/report.ts';
import { printable } from './printable.ts';

/** So many rows of a table are shown; the report in JSON has all. */
const CHANNELS = 20;

/** Reasons whose words for Slack's screens speak of the bot as "I", or of Slack alone. */
const HERE: Record<string, string> = {
  access_denied: 'not shown to the bot',
  not_in_channel: 'while the bot was not in the channel',
  not_found: 'neither in the archive nor in Slack',
};

/** The report as a person reads it. */
export function importText(report: ImportReport): string {
  const { archive, teamId, dryRun, files, shares, conversations, notHad, problems } = report;
  const n = (value: number) => numbers.format(value);
  const lines = [
    `${printable(archive)}: ${whose(teamId)}, ${many(conversations, 'conversation')}, ${many(files, 'file')}, shared ${many(shares, 'time')}.`,
    dryRun
      ? `Nothing was changed. New: ${n(report.recorded)}. In the vault already: ${n(report.already)}. To come: ${sizeInWords(report.bytesToCome)}.`
      : `Stored now: ${n(report.stored)} (${sizeInWords(report.storedBytes)}). In the vault already: ${n(report.already)}.`,
    ...(report.waits > 0 ? [waitsText(report)] : []),
    ...table('By kind', report.byKind),
    ...table('By channel', report.byChannel),
    ...table('Not to be had', inWords(notHad)),
    ...Object.entries(problems).flatMap(([code, { count: found, examples }]) => [
      `In the archive, ${code}: ${n(found)}`,
      ...examples.map((path) => `  ${printable(path)}`),
    ]),
    ...(Object.keys(problems).length > 0
      ? ['What these words mean: docs/import.md, "What can be wrong".']
      : []),
  ];
  return lines.join('\n');
}

/** An organisation's id begins with E, a workspace's with T. */
const whose = (teamId: string) => `${teamId.startsWith('E') ? 'organisation' : 'workspace'} ${teamId}`;

const many = (count: number, what: string) => `${numbers.format(count)} ${what}${count === 1 ? '' : 's'}`;

/** Counts by reason, with the reason in words before its code, as the report in JSON has it. */
function inWords(notHad: Record<string, number>): Record<string, number> {
  const named = (code: string) => HERE[code] ?? reasons[code as keyof typeof reasons]?.sum;
  return Object.fromEntries(
    Object.entries(notHad).map(([code, count]) => [`${named(code) ?? code} (${code})`, count]),
  );
}

/** Files that wait are not lost, and not there either. */
function waitsText({ waits, dryRun }: ImportReport): string {
  const count = numbers.format(waits);
  return dryRun
    ? `Not in the archive: ${count}. After the import, the bot would fetch them from Slack with its own token.`
    : `NOT in the vault yet: ${count}. The bot fetches them from Slack with its own token: let it run, before Slack forgets them.`;
}

function table(title: string, counts: Record<string, number>): string[] {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (rows.length === 0) return [];
  const more = rows.length > CHANNELS ? [`  and ${rows.length - CHANNELS} more`] : [];
  const shown = rows
    .slice(0, CHANNELS)
    .map(([name, count]) => `  ${numbers.format(count).padStart(9)}  ${printable(name)}`);
  return [`${title}:`, ...shown, ...more];
}
