import { sizeInWords } from '../blocks/kit/size.ts';
import { numbers } from '../blocks/text/wording.ts';
import type { ImportReport } from '../import/report.ts';
import { printable } from './printable.ts';

/** So many rows of a table are shown; the report in JSON has all. */
const CHANNELS = 20;

/** The report as a person reads it. */
export function importText(report: ImportReport): string {
  const { archive, teamId, dryRun, files, shares, conversations, notHad, problems } = report;
  const n = (value: number) => numbers.format(value);
  const lines = [
    `${printable(archive)}: workspace ${teamId}, ${n(conversations)} conversations, ${n(files)} files, shared ${n(shares)} times.`,
    dryRun
      ? `Nothing was changed. New: ${n(report.recorded)}. In the vault already: ${n(report.already)}. To come: ${sizeInWords(report.bytesToCome)}.`
      : `Stored now: ${n(report.stored)} (${sizeInWords(report.storedBytes)}). In the vault already: ${n(report.already)}.`,
    ...(report.waits > 0 ? [waitsText(report)] : []),
    ...table('By kind', report.byKind),
    ...table('By channel', report.byChannel),
    ...table('Not to be had', notHad),
    ...Object.entries(problems).flatMap(([code, { count: many, examples }]) => [
      `In the archive, ${code}: ${n(many)}`,
      ...examples.map((path) => `  ${printable(path)}`),
    ]),
  ];
  return lines.join('\n');
}

/** Files that wait are not lost, and not there either. */
function waitsText({ waits, dryRun }: ImportReport): string {
  const many = numbers.format(waits);
  return dryRun
    ? `Not in the archive: ${many}. After the import, the bot would fetch them from Slack with its own token.`
    : `NOT in the vault yet: ${many}. The bot fetches them from Slack with its own token: let it run, before Slack forgets them.`;
}

function table(title: string, counts: Record<string, number>): string[] {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (rows.length === 0) return [];
  const more = rows.length > CHANNELS ? [`  and ${rows.length - CHANNELS} more`] : [];
  const shown = rows
    .slice(0, CHANNELS)
    .map(([name, many]) => `  ${numbers.format(many).padStart(9)}  ${printable(name)}`);
  return [`${title}:`, ...shown, ...more];
}
