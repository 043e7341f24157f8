import { setTimeout as sleep } from 'node:timers/promises';
import type { Carrier } from './carriers.ts';
import { envelope, fileId, sharedFile } from './message.ts';

export interface Load {
  /** Events in all. */
  events: number;
  seconds: number;
}

/** How a load went. Times in ms. */
export interface Sent {
  sent: number;
  acknowledged: number;
  /** Sent a second time, because the first was not acknowledged. */
  repeated: number;
  /** From sending to the acknowledgement, including the wait for a repeat; only acknowledged events. */
  ackMs: number[];
  /** How much later than planned each was sent: this process's own fault, not the bot's. */
  lateMs: number[];
  /** When each file's event was sent, in ns of the machine's steady clock, by file id. */
  sentAt: Record<string, string>;
}

/**
 * Sends so many events within so many seconds. Each has its own random moment, like those of people
 * who do not know of each other. None waits for another's acknowledgement.
 */
export async function sendLoad(carrier: Carrier, load: Load, slackUrl: string): Promise<Sent> {
  const sent: Sent = { sent: 0, acknowledged: 0, repeated: 0, ackMs: [], lateMs: [], sentAt: {} };
  const moments = Array.from({ length: load.events }, () => Math.random() * load.seconds * 1_000);
  moments.sort((a, b) => a - b);
  const began = performance.now();
  const under: Promise<void>[] = [];
  for (const [number, moment] of moments.entries()) {
    const wait = moment - (performance.now() - began);
    if (wait >= 1) await sleep(wait);
    sent.lateMs.push(performance.now() - began - moment);
    under.push(sendOne(carrier, number, slackUrl, sent));
  }
  await Promise.all(under);
  return sent;
}

async function sendOne(carrier: Carrier, number: number, slackUrl: string, into: Sent): Promise<void> {
  const body = envelope(sharedFile(number, slackUrl), number);
  const began = performance.now();
  into.sent += 1;
  into.sentAt[fileId(number)] = String(process.hrtime.bigint());
  let acknowledged = await carrier.carry(body, false);
  if (!acknowledged) {
    into.repeated += 1;
    acknowledged = await carrier.carry(body, true);
  }
  if (!acknowledged) return;
  into.acknowledged += 1;
  into.ackMs.push(performance.now() - began);
}
