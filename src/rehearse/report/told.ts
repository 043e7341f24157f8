import type { Outcome } from '../run.ts';
import type { Deviation } from '../shapes/deviation.ts';
import { isVocabulary } from '../shapes/words.ts';

/** What a report tells of one check. */
export interface Told {
  id: string;
  title: string;
  state: Outcome['state'];
  reason?: string;
  /** Deviations that the vault would notice, and those that nothing depends on. */
  matters: Deviation[];
  harmless: Deviation[];
}

const HIDDEN = '(hidden)';

/**
 * Takes out of the outcomes what may be a value: the name of a key that the sandbox does not send, or a word that was
 * also said somewhere. What is left are names of keys, kinds of values, and words of a fixed vocabulary.
 */
export function toTell(outcomes: readonly Outcome[], values: ReadonlySet<string>): Told[] {
  const said = new Set([...values].map((value) => value.toLowerCase()));
  const hidden = (text: string) => (said.has(text.toLowerCase()) || isPrivate(text) ? HIDDEN : text);
  const word = (text: string) => (isVocabulary(text) ? hidden(text) : HIDDEN);
  const name = (key: string) =>
    key.split('_').some((part) => part.length > 3 && said.has(part.toLowerCase())) ? HIDDEN : hidden(key);
  const clean = (one: Deviation): Deviation => {
    const parts = one.path.split('.').map((part) => (isPrivate(part) ? HIDDEN : part));
    const last = parts.pop() ?? '';
    const path = [...parts, one.kind === 'new' ? name(last) : last].join('.');
    // What a check states itself is never private.
    const isWord = one.kind === 'other word' && !one.path.includes('.facts.');
    return { ...one, path, seen: isWord ? word(one.seen) : one.seen };
  };
  return outcomes.map(({ id, title, state, reason, deviations }) => {
    const told = deviations.map(clean);
    return {
      ...{ id, title, state, ...(reason === undefined ? {} : { reason }) },
      matters: told.filter(({ matters }) => matters),
      harmless: told.filter(({ matters }) => !matters),
    };
  });
}

/** Ids, tokens, addresses and long numbers. */
function isPrivate(text: string): boolean {
  return /\b[A-Z][A-Z0-9]{7,}\b|xox|xapp|:\/\/|@|\d{6,}/.test(text);
}

/** One deviation in a line, for example `event.body.ts: not there instead of ts`. */
export function lineOf({ kind, path, expected, seen }: Deviation): string {
  if (kind === 'new') return `${path}: ${seen}, which the sandbox does not send`;
  return `${path}: ${seen} instead of ${expected}`;
}

/** `3 as expected, 1 deviates`. */
export function countsOf(told: readonly Told[]): string {
  const states = ['as expected', 'deviates', 'failed', 'skipped'] as const;
  return states
    .map((state) => [told.filter((one) => one.state === state).length, state] as const)
    .filter(([count, state]) => count > 0 || state === 'as expected')
    .map(([count, state]) => `${count} ${state}`)
    .join(', ');
}
