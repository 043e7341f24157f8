import { context, firstOf, type Screen, section, sectionsOf } from './kit/elements.ts';
import { cutEnd } from './kit/limits.ts';
import { code, escapeMrkdwn } from './kit/mrkdwn.ts';
import { common } from './text/wording.ts';
import { examined as words } from './text/wording-status.ts';

/** One thing that was looked at: see the doctor's lines. */
export interface ExaminedLine {
  id: string;
  state: 'ok' | 'warn' | 'fail' | 'skipped';
  says: string;
  remedy?: string;
}

const PROBLEMS = 12;
/** Units of mrkdwn; a problem and its remedy fit into one section. */
const LONGEST = 1_400;
const LONGEST_LIST = 2_000;

/** After Check everything: what is wrong with what to do, the rest by name. */
export function examinedScreen({ lines }: { lines: readonly ExaminedLine[] }): Screen {
  const of = (state: ExaminedLine['state']) => lines.filter((line) => line.state === state);
  const [failed, warned, well, skipped] = [of('fail'), of('warn'), of('ok'), of('skipped')];
  const summary = words.summary(well.length, warned.length, failed.length, skipped.length);
  const { shown, more } = firstOf([...failed, ...warned], PROBLEMS);
  return {
    text: summary,
    blocks: [
      section(words.title(summary)),
      ...(shown.length === 0 ? [section(words.allWell)] : []),
      ...sectionsOf(shown.map(problem), '\n\n'),
      ...(more > 0 ? [context(common.more(more))] : []),
      ...(well.length > 0 ? [context(words.well(names(well)))] : []),
      ...(skipped.length > 0 ? [context(words.skipped(names(skipped)))] : []),
      context(words.hint),
    ],
  };
}

function problem({ id, state, says, remedy }: ExaminedLine): string {
  const name = code(id, 60);
  const text = safe(says, LONGEST);
  const line = state === 'fail' ? words.failed(name, text) : words.warned(name, text);
  return remedy === undefined ? line : `${line}\n${words.remedy(safe(remedy, LONGEST))}`;
}

const names = (lines: readonly ExaminedLine[]) => safe(lines.map(({ id }) => id).join(', '), LONGEST_LIST);

/** Plain text as mrkdwn of at most so many units: what is escaped is longer. */
function safe(text: string, max: number): string {
  for (let length = max; ; length = Math.floor(length * 0.8)) {
    const escaped = escapeMrkdwn(cutEnd(text, length));
    if (escaped.length <= max) return escaped;
  }
}
