import { sizeInWords } from '../blocks/kit/size.ts';
import { count } from '../blocks/text/wording.ts';
import type { Repaired } from '../capture/repair.ts';
import {
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  totalOf,
  type VerifySummary,
} from '../catalog/alerts/findings.ts';
import { printable } from './printable.ts';

/** At most this many findings of each kind are kept. The JSON has the same ones. */
const EXAMPLES = 20;

/** What each kind means, for a person. */
const MEANING: Record<FindingKind, string> = {
  missing: 'stored by the catalog, not in the bucket',
  wrong_size: 'in the bucket with another size',
  wrong_bytes: 'in the bucket with other bytes',
  unreadable: 'in the bucket, which does not let it be read as it is',
  no_key: 'stored by the catalog, which does not say where',
  unknown: 'in the bucket, not in the catalog',
  unpurged: 'removed for good, and in the bucket again',
  overdue_trash: 'should have left the trash more than a day ago',
  unfinished_upload: 'parts of an upload that nobody goes on with',
};

/** A finding and what was done about it. `repaired` is null when no repair was tried. */
export interface Entry extends Finding {
  repaired: Repaired | null;
}

export interface Report extends VerifySummary {
  bucket: string;
  /** Files with an object outside the prefix. They were not compared. */
  elsewhere: number;
  deep: boolean;
  /** The first findings of each kind. */
  examples: Entry[];
  repaired: Record<Repaired['outcome'], number> | null;
}

/** Collects a limited number of examples, and counts what was done about all findings. */
export function collect() {
  const examples: Entry[] = [];
  const kept = new Map<FindingKind, number>();
  const repaired = { captured_again: 0, adopted: 0, aborted: 0, reported: 0 };
  return {
    examples,
    repaired,
    add(entry: Entry): void {
      if (entry.repaired) repaired[entry.repaired.outcome] += 1;
      const before = kept.get(entry.kind) ?? 0;
      kept.set(entry.kind, before + 1);
      if (before < EXAMPLES) examples.push(entry);
    },
  };
}

/** What is still wrong after the repair, if there was one. */
export function stillWrong({ counts, repaired }: Pick<Report, 'counts' | 'repaired'>): number {
  return repaired === null ? totalOf(counts) : repaired.reported;
}

/** The report for a person: counts, then examples of each kind. */
export function reportText(report: Report): string {
  const { counts, examples, elsewhere, repaired } = report;
  const seconds = ((report.finishedAt - report.startedAt) / 1_000).toFixed(1);
  const how = report.deep ? 'reading every byte' : 'by listing';
  const lines = [
    `${count(report.files, 'file')} of the catalog and ${count(report.objects, 'object')} (${sizeInWords(report.bytes)}) of the bucket ${printable(report.bucket)} compared in ${seconds} s, ${how}.`,
  ];
  if (elsewhere > 0)
    lines.push(
      `Not compared: ${count(elsewhere, 'file')} stored outside of VAULT_PREFIX, which was changed since.`,
    );
  for (const kind of FINDING_KINDS.filter((one) => counts[one] > 0)) {
    const shown = examples.filter((entry) => entry.kind === kind);
    lines.push(
      '',
      `${count(counts[kind], kind.replaceAll('_', ' '), kind.replaceAll('_', ' '))}: ${MEANING[kind]}`,
    );
    lines.push(...shown.map(exampleLine));
    if (counts[kind] > shown.length) lines.push(`  … and ${counts[kind] - shown.length} more`);
  }
  return [...lines, '', verdict(report, repaired)].join('\n');
}

function exampleLine({ key, fileId, bytes, detail, repaired }: Entry): string {
  const facts = [fileId ?? '', bytes === null ? '' : sizeInWords(bytes), detail]
    .filter((fact) => fact !== '')
    .map(printable);
  const done = repaired
    ? ` → ${OUTCOMES[repaired.outcome]}${repaired.note ? `: ${printable(repaired.note)}` : ''}`
    : '';
  return `  ${printable(key ?? 'no key')}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}${done}`;
}

const OUTCOMES: Record<Repaired['outcome'], string> = {
  captured_again: 'will be captured again',
  adopted: 'adopted',
  aborted: 'aborted',
  reported: 'left as it is',
};

function verdict({ counts }: Report, repaired: Report['repaired']): string {
  const total = totalOf(counts);
  if (total === 0) return 'All well.';
  if (repaired === null)
    return `${count(total, 'thing')} not as it should be. --repair mends what can be mended.`;
  const { captured_again: again, adopted, aborted, reported } = repaired;
  const done = `Repaired: ${again} to be captured again, ${adopted} adopted, ${aborted} aborted.`;
  return reported === 0 ? done : `${done} Left for you: ${reported}.`;
}
