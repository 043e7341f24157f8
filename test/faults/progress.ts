import { setTimeout as sleep } from 'node:timers/promises';

/** How far something is: whatever text is another one when it went on. Null: it is done. */
type Look = () => Promise<string | null>;

/**
 * Waits for work that takes as long as the machine is busy: until it is done. Throws when nothing of it changed for `patienceMs`, and
 * when it took `mostMs` in all.
 */
export async function untilDone(
  what: string,
  look: Look,
  { patienceMs, mostMs }: { patienceMs: number; mostMs: number },
): Promise<void> {
  const began = performance.now();
  let last = '';
  let changed = began;
  for (;;) {
    const now = await look();
    if (now === null) return;
    const at = performance.now();
    if (now !== last) changed = at;
    last = now;
    const isStuck = at - changed > patienceMs;
    if (isStuck || at - began > mostMs)
      throw new Error(
        `waited ${Math.round(at - began)} ms for ${what}, ${isStuck ? 'and nothing went on' : 'which is too long'}: ${now}`,
      );
    await sleep(400);
  }
}
