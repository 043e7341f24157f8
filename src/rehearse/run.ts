import type { Check } from './check.ts';
import { CheckFailed, NotToday } from './endings.ts';
import { compare } from './shapes/compare.ts';
import type { Deviation } from './shapes/deviation.ts';
import { merge, type Shape, shapeOf } from './shapes/shape.ts';
import type { Sight } from './sight.ts';
import type { Stage } from './stage.ts';

/** How a check ended. */
export interface Outcome {
  id: string;
  title: string;
  state: 'as expected' | 'deviates' | 'failed' | 'skipped';
  /** Why it was skipped, or what did not come. No names, no ids. */
  reason?: string;
  deviations: Deviation[];
  /** What was seen, by the look's name. */
  shapes: Record<string, Shape>;
  ms: number;
}

/** The sandbox's shapes, by check and look. */
export type Expected = Record<string, Record<string, Shape>>;

const WITHIN_MS = 30_000;

/**
 * Runs checks one after the other, and compares what each saw. Every check ends within its time, and none hinders
 * another. With the stage's signal, the check that runs is ended and those after it are not begun.
 */
export async function runChecks(
  stage: Stage,
  checks: readonly Check[],
  expected: Expected,
  { onEnd, onSight }: { onEnd(outcome: Outcome): void; onSight(sight: Sight): void },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    if (stage.signal.aborted) break;
    const outcome = await runOne(stage, check, expected[check.id], onSight);
    outcomes.push(outcome);
    onEnd(outcome);
  }
  return outcomes;
}

async function runOne(
  stage: Stage,
  check: Check,
  expected: Record<string, Shape> | undefined,
  onSight: (sight: Sight) => void,
): Promise<Outcome> {
  const { id, title } = check;
  const startedAt = Date.now();
  const shapes: Record<string, Shape> = {};
  const see = (name: string, ...sights: Sight[]) => {
    for (const sight of sights) onSight(sight);
    if (sights.length > 0) shapes[name] = sights.map((sight) => shapeOf(sight)).reduce(merge);
  };
  const ended = await end(stage, check, see);
  const deviations = Object.entries(shapes).flatMap(([name, shape]) => {
    const wanted = expected?.[name];
    return wanted === undefined ? [] : compare(name, wanted, shape, id);
  });
  const isOff = deviations.some(({ matters }) => matters);
  const { state, reason } = ended ?? { state: isOff ? ('deviates' as const) : ('as expected' as const) };
  const why = reason === undefined ? {} : { reason };
  return { id, title, state, ...why, deviations, shapes, ms: Date.now() - startedAt };
}

/** Runs it. Null when it came to its end. */
async function end(
  stage: Stage,
  check: Check,
  see: (name: string, ...sights: Sight[]) => void,
): Promise<Pick<Outcome, 'state' | 'reason'> | null> {
  const lacking = lacks(stage, check);
  if (lacking !== null) return { state: 'skipped', reason: lacking };
  const { withinMs = WITHIN_MS } = check;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new CheckFailed(`not done after ${withinMs / 1000} s`)),
    withinMs,
  );
  const stopped = () => late.reject(new CheckFailed('interrupted'));
  stage.signal.addEventListener('abort', stopped);
  // A check that comes too late changes nothing any more.
  let isOver = false;
  try {
    const run = check.run(stage, (name, ...sights) => {
      if (!isOver) see(name, ...sights);
    });
    await Promise.race([run, late.promise]);
    return null;
  } catch (error) {
    if (error instanceof NotToday) return { state: 'skipped', reason: error.message };
    if (stage.signal.aborted) return { state: 'failed', reason: 'interrupted' };
    return { state: 'failed', reason: reasonOf(error) };
  } finally {
    isOver = true;
    clearTimeout(timer);
    stage.signal.removeEventListener('abort', stopped);
  }
}

/** Other errors may name what they met, so only their kind is told. */
function reasonOf(error: unknown): string {
  if (error instanceof CheckFailed) return error.message;
  const name = error instanceof Error ? error.constructor.name : '';
  return `what came could not be read (${/^[A-Za-z0-9]{1,40}$/.test(name) ? name : 'unknown'})`;
}

/** What it needs and is not there, in words for the report. */
function lacks(stage: Stage, { needs = {} }: Check): string | null {
  const { scopes = [] } = needs;
  const missing = scopes.filter((scope) => !stage.self.scopes.includes(scope));
  if (missing.length > 0) return `the bot does not have the scope ${missing.join(', ')}`;
  if (needs.ears && stage.ears === null) return stage.deafness;
  if (needs.person && stage.people === null) return 'without people (--without-people)';
  if (needs.hands && stage.hands === null)
    return 'no token may upload: give the bot files:write for the rehearsal, or set REHEARSE_TOKEN';
  if (needs.privateChannel && stage.privateChannel === null)
    return 'no private channel was named (--private)';
  return null;
}
