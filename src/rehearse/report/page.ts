import type { Deviation } from '../shapes/deviation.ts';
import { countsOf, lineOf, type Told } from './told.ts';

export interface About {
  version: string;
  node: string;
  /** The store that the bucket was compared with. */
  store: string;
  /** `Socket Mode`, or why nothing was heard. */
  hearing: string;
  left: readonly string[];
  interrupted: boolean;
}

/**
 * The report as Markdown, to be pasted into an issue. It holds the names of keys, kinds of values, words of Slack's and
 * S3's vocabulary, and sentences of ours; nothing that anybody said, and no id.
 */
function reportPage(told: readonly Told[], about: About): string {
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
  const deviating = told.flatMap(({ id, matters }) =>
    matters.map((one) => `- **${id}** ${code(lineOf(one))}`),
  );
  const ended = (state: Told['state']) =>
    told.filter((one) => one.state === state).map(({ id, reason }) => `- **${id}** ${reason}`);
  const harmless = told.flatMap(({ id, harmless }) => harmless.map((one) => `- ${id} ${code(lineOf(one))}`));
  return [
    '# A rehearsal of RIA Vault',
    '',
    `RIA Vault ${about.version}, Node ${about.node}. Bucket compared with: ${about.store}. Heard over: ${about.hearing}.`,
    '',
    `**${countsOf(told)}.**${about.interrupted ? ' It was interrupted.' : ''}`,
    '',
    ...section('What deviates from what the sandbox sends', deviating),
    ...section('What did not come to its end', ended('failed')),
    ...section(
      'What could not be taken away',
      about.left.map((line) => `- ${line}`),
    ),
    ...section('What was skipped', ended('skipped')),
    ...folded(`${harmless.length} differences that the vault does not notice`, harmless),
    ...folded(
      'All checks',
      told.map(({ id, title, state }) => `- ${id}: ${title} (${state})`),
    ),
  ].join('\n');
}

const code = (text: string) => `\`${text.replaceAll('`', "'")}\``;

/** GitHub folds this away. */
function folded(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

/**
 * The page of a run whose report needs `values` kept out of it: see `toTell`, which has done most of it. What stands in
 * the page without anything that was really seen may stay.
 */
export function safePage(told: readonly Told[], about: About, values: ReadonlySet<string>): string {
  const unseen = (one: Deviation) => ({
    ...one,
    path: one.kind === 'new' ? one.path.replace(/[^.]*$/, '') : one.path,
    seen: '',
  });
  const plain = told.map((one) => ({
    ...one,
    matters: one.matters.map(unseen),
    harmless: one.harmless.map(unseen),
  }));
  return withoutValues(reportPage(told, about), reportPage(plain, about), values);
}

/** Long enough that it is no everyday word by chance. */
const LEAST = 5;

/**
 * A last look: whatever was said and still stands in the page, beyond what the page says by itself, is taken out. So a
 * mistake above hides too much rather than tells something.
 */
function withoutValues(page: string, plain: string, values: ReadonlySet<string>): string {
  let clean = page;
  for (const value of values)
    if (value.length >= LEAST && clean.includes(value) && !plain.includes(value))
      clean = clean.replaceAll(value, '(hidden)');
  return clean;
}
