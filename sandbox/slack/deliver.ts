/**
 * Gets events to the app: three seconds to acknowledge, then three more attempts. An event that is not acknowledged is
 * kept on disk until it is acknowledged or the attempts are used up.
 */
import { appMayKnow, type EventScope, envelopeOf, VERIFICATION_TOKEN } from './events.ts';
import { newId, seconds } from './ids.ts';
import type { Json } from './types.ts';
import type { World } from './world.ts';

/** Almost at once after the first failure, then after a minute, then after five minutes. */
const RETRY_DELAYS_MS = [0, 60_000, 300_000];

/** Events that an app gets in an hour before Slack stops and sends `app_rate_limited`. */
const EVENTS_PER_HOUR = 30_000;

/** How many deliveries the log keeps; a sandbox may run for days. */
const LOG_LENGTH = 50_000;

/** After this time, an event held back for reordering is sent even if no other comes. */
const HELD_MS = 1000;

export interface Attempt {
  at: number;
  /** Undefined when it was acknowledged. */
  reason?: string;
}

export interface Delivery {
  eventId: string;
  type: string;
  body: Json;
  attempts: Attempt[];
  acked: boolean;
  /** No more attempts will be made. */
  over: boolean;
}

/** How one attempt ended. `stop` is the app's wish (`x-slack-no-retry`). */
export type AttemptResult = { ok: true } | { ok: false; reason: string; stop?: boolean };

/** Makes one attempt, by HTTP or over a socket. */
export type Carrier = (body: Json, retry: { num: number; reason?: string }) => Promise<AttemptResult>;

export interface Dispatcher {
  emit(event: Json, scope: EventScope): void;
  /** Tells the app that it is rate limited: an envelope with no event in it. */
  sendRateLimited(): void;
  /** Takes up what an earlier run could not deliver. */
  resume(): void;
  readonly list: Delivery[];
  /** Waits until nothing is on its way and no attempt is planned. */
  settled(): Promise<void>;
  close(): void;
}

export interface DispatcherOptions {
  retryDelaysMs?: number[];
  eventsPerHour?: number;
}

/** Delivers events with `carry`. */
export function createDispatcher(world: World, carry: Carrier, options: DispatcherOptions = {}): Dispatcher {
  const delays = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  const limit = options.eventsPerHour ?? EVENTS_PER_HOUR;
  const list: Delivery[] = [];
  const open = new Set<Delivery>();
  const timers = new Set<NodeJS.Timeout>();
  const waiting: Array<() => void> = [];
  let held: Array<() => void> = [];
  let closed = false;
  let hour = { start: Date.now(), count: 0, minute: 0 };

  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!closed) run();
    }, ms);
    timers.add(timer);
  };

  const end = (delivery: Delivery) => {
    delivery.over = true;
    open.delete(delivery);
    if (!closed) world.state.pending.delete(delivery.eventId);
    if (open.size === 0) for (const resolve of waiting.splice(0)) resolve();
  };

  const attempt = async (delivery: Delivery, num: number, reason?: string): Promise<void> => {
    const record: Attempt = { at: Date.now() };
    const result = world.faults.down
      ? { ok: false as const, reason: 'connection_failed' }
      : await carry(delivery.body, { num, ...(reason === undefined ? {} : { reason }) });
    delivery.attempts.push(result.ok ? record : { ...record, reason: result.reason });
    if (closed) return;
    if (result.ok) {
      delivery.acked = true;
      return end(delivery);
    }
    const delay = delays[num];
    world.log(`event ${delivery.type} not acknowledged (${result.reason}), attempt ${num + 1}`);
    if (delay === undefined || ('stop' in result && result.stop)) return end(delivery);
    later(delay, () => void attempt(delivery, num + 1, result.reason));
  };

  /** Enters an event in the log; `start` makes its first attempt. */
  const enter = (body: Json) => {
    const delivery: Delivery = {
      eventId: body.event_id,
      type: body.event?.type ?? body.type,
      body,
      attempts: [],
      acked: false,
      over: false,
    };
    if (list.push(delivery) > LOG_LENGTH) list.shift();
    open.add(delivery);
    return () => void attempt(delivery, 0);
  };

  const send = (body: Json) => enter(body)();

  const withinLimit = (): boolean => {
    const now = Date.now();
    if (now - hour.start > 3_600_000) hour = { start: now, count: 0, minute: 0 };
    hour.count += 1;
    if (hour.count <= limit) return true;
    const minute = Math.floor(now / 60_000);
    if (minute !== hour.minute) send(rateLimited());
    hour.minute = minute;
    return false;
  };

  /** Sends an event that was held back so that the next one overtakes it. */
  const release = (start: () => void) => {
    if (!held.includes(start)) return;
    held = held.filter((other) => other !== start);
    start();
  };

  const rateLimited = (): Json => ({
    type: 'app_rate_limited',
    token: VERIFICATION_TOKEN,
    team_id: world.state.identity.teamId,
    minute_rate_limited: seconds(),
    api_app_id: world.state.identity.appId,
    event_id: newId('Ev'),
  });

  return {
    list,
    emit(event, scope) {
      if (!appMayKnow(world, event, scope) || !withinLimit()) return;
      const body = envelopeOf(world, event, scope);
      const fault = world.faults.forEvent(event.type);
      if (fault?.kind === 'drop') return;
      world.state.pending.set(body.event_id, body);
      const start = enter(body);
      if (fault?.kind === 'delay') return later(fault.ms, start);
      if (fault?.kind === 'reorder') {
        held.push(start);
        return later(HELD_MS, () => release(start));
      }
      start();
      if (fault?.kind === 'duplicate') send(body);
      for (const waiting of [...held]) release(waiting);
    },
    sendRateLimited: () => send(rateLimited()),
    resume() {
      for (const body of [...world.state.pending.values()]) send(body);
    },
    settled: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
