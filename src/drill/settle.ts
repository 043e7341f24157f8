import { setTimeout as sleep } from 'node:timers/promises';
import type { Damage } from '../catalog/alerts/drills.ts';
import { rowInWords } from '../catalog/alerts/drills.ts';
import { type BringBackOptions, type BroughtBack, catchUp } from './bring-back.ts';
import { compareAgain, type Difference, type Suspect, withoutUntold } from './rows.ts';

/** So often in a row a thing must be seen as it is, before it counts as different. */
const SEEN = 3;
const ROUNDS = 12;
const AT_ONCE = 250;

export interface Settled {
  /** Rows whose last change the journal does not tell of yet, and rows that kept changing. */
  waiting: number;
  unsettled: number;
}

/**
 * Looks again at what seemed to differ. Catalog and journal go on meanwhile, so a thing counts as different only if
 * it stood still in both, through several looks with all news of the journal taken in between, and the journal has
 * nothing more to tell of it. With `alone`, no bot is there that could tell of it, so what is not told counts, too.
 */
export async function settle(
  o: BringBackOptions & { alone: boolean; restMs: number },
  from: BroughtBack,
  suspects: Suspect[],
): Promise<Settled> {
  const result: Settled = { waiting: 0, unsettled: 0 };
  let read = from;
  let open = suspects.map((suspect) => ({ suspect, state: '', seen: 0 }));
  for (let round = 1; open.length > 0; round++) {
    read = await catchUp(o, read);
    const next: typeof open = [];
    for (let at = 0; at < open.length; at += AT_ONCE) {
      o.signal?.throwIfAborted();
      const some = open.slice(at, at + AT_ONCE);
      const { untold } = await withoutUntold(
        o.live,
        some.map(({ suspect }) => suspect),
      );
      const now = await compareAgain(
        o,
        some.map(({ suspect }) => suspect.thing),
      );
      for (const one of some) {
        const { difference, state } = now.get(one.suspect.thing) as { difference: Difference; state: string };
        if (difference === null) continue;
        const isUntold = untold.includes(one.suspect);
        if (isUntold && !o.alone) result.waiting += 1;
        else {
          const seen = state === one.state ? one.seen + 1 : 1;
          const about = isUntold ? { ...difference, detail: notTold(difference) } : difference;
          if (seen >= SEEN) o.onDamage(asDamage(one.suspect, about));
          else next.push({ suspect: one.suspect, state, seen });
        }
      }
    }
    if (round === ROUNDS) {
      result.unsettled += next.length;
      break;
    }
    open = next;
    if (open.length > 0) await sleep(o.restMs, undefined, { signal: o.signal });
  }
  return result;
}

const notTold = ({ detail }: Difference) =>
  `${detail}; the journal does not tell of its last change, and no bot runs that would`;

function asDamage({ thing }: Suspect, { kind, detail }: Difference): Damage {
  return { kind, what: rowInWords(thing.kind, thing.key), detail };
}
