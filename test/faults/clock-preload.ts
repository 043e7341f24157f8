/**
 * Loaded into a bot before its own code: its clock can be set and made to run fast, timers with it. The file that
 * FAULT_CLOCK names says how, and SIGUSR2 makes the bot read it again.
 */
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:timers/promises';

const realNow = Date.now;
const RealDate = Date;
let from = { real: realNow(), shown: realNow(), rate: 1 };

function readAgain(): void {
  const { offset, rate } = JSON.parse(readFileSync(process.env.FAULT_CLOCK as string, 'utf8'));
  // The clock steps where an offset is given, and only changes its pace where none is.
  from = { real: realNow(), shown: offset === null ? shownNow() : realNow() + offset, rate };
}

function shownNow(): number {
  return Math.floor(from.shown + (realNow() - from.real) * from.rate);
}

class ShiftedDate extends RealDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(shownNow());
    else super(...(args as [number]));
  }
  static override now = shownNow;
}
globalThis.Date = ShiftedDate as DateConstructor;

const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;
const paced = (ms: number | undefined) => (ms ?? 0) / from.rate;
globalThis.setTimeout = Object.assign(
  (run: () => void, ms?: number, ...args: []) => realTimeout(run, paced(ms), ...args),
  realTimeout,
) as typeof setTimeout;
globalThis.setInterval = Object.assign(
  (run: () => void, ms?: number, ...args: []) => realInterval(run, paced(ms), ...args),
  realInterval,
) as typeof setInterval;
const realSleep = promises.setTimeout;
promises.setTimeout = ((ms?: number, ...args: []) => realSleep(paced(ms), ...args)) as typeof realSleep;
syncBuiltinESMExports();

readAgain();
process.on('SIGUSR2', readAgain);
