import { setTimeout as sleep } from 'node:timers/promises';
import { openSocket } from '../../network/socket.ts';
import { CheckFailed } from '../endings.ts';
import { type Answer, type Call, okay } from './web.ts';

// biome-ignore lint/suspicious/noExplicitAny: an envelope as it travels
export type Envelope = Record<string, any>;

export type Fits = (envelope: Envelope) => boolean;

/** Hears what Slack delivers to the app over Socket Mode. */
export interface Ears {
  /** Everything heard so far that concerns the rehearsal, as it came. */
  readonly heard: readonly Envelope[];
  /** What `apps.connections.open` answered, and the greeting of the connection. */
  opened: Answer;
  hello: Envelope;
  /**
   * Those from `mark` on that fit: at least one, and what comes in a moment after it. Throws `CheckFailed`, which says
   * that `what` did not come.
   */
  after(mark: number, what: string, fits: Fits, ms?: number): Promise<Envelope[]>;
  /** From now on, those that fit are not acknowledged, until the function that it returns is called. */
  ignore(fits: Fits): () => void;
  /** Hands every delivery on to somebody else; it is acknowledged if that resolves to true. */
  handTo(other: Other | null): void;
  close(): Promise<void>;
}

type Other = (envelope: Envelope) => Promise<boolean>;

export interface EarsOptions {
  appToken: string;
  call: Call;
  /** Whether a delivery is about the rehearsal. Others are left to the owner's bot: nothing of them is kept. */
  concerns: Fits;
  /** How long an event is waited for, in ms. */
  eventMs: number;
  /** How long something that should come once is watched for a second time, in ms. */
  settleMs: number;
  signal: AbortSignal;
}

const HELLO_MS = 10_000;
const CLOSE_MS = 2_000;

/**
 * Opens one connection. A delivery that does not concern the rehearsal is not acknowledged: Slack sends it again, and
 * the owner's bot, once it runs again, gets it. Throws `CheckFailed` when no connection can be made.
 */
export async function openEars(options: EarsOptions): Promise<Ears> {
  const { signal, concerns } = options;
  const heard: Envelope[] = [];
  const ignored = new Set<Fits>();
  const waiting = new Set<() => void>();
  let other: Other | null = null;
  let isClosed = false;

  const connect = async () => {
    const opened = okay(
      'apps.connections.open',
      await options.call('apps.connections.open', {}, { token: options.appToken }),
    );
    const greeted = Promise.withResolvers<Envelope>();
    const socket = await openSocket(opened.body.url).catch((error: Error) => {
      throw new CheckFailed('the connection for Socket Mode could not be opened', { cause: error });
    });
    const answer = async (envelope: Envelope) => {
      if ([...ignored].some((fits) => fits(envelope))) return;
      const taken = other === null || (await other(envelope).catch(() => false));
      if (taken && socket.readyState === socket.OPEN)
        socket.send(JSON.stringify({ envelope_id: envelope.envelope_id }));
    };
    socket.addEventListener('message', ({ data }) => {
      const envelope = parsed(data);
      if (envelope === null) return;
      if (envelope.type === 'hello') greeted.resolve(envelope);
      // Slack renews each connection every few hours.
      if (envelope.type === 'disconnect') socket.close();
      if (envelope.envelope_id === undefined || !concerns(envelope)) return;
      heard.push(envelope);
      for (const wake of waiting) wake();
      void answer(envelope);
    });
    socket.addEventListener('close', () => {
      if (!isClosed && !signal.aborted) connect().then(use, () => {});
    });
    const late = sleep(HELLO_MS, null, { ref: false, signal });
    const hello = await Promise.race([greeted.promise, late]);
    if (hello === null) throw new CheckFailed('the greeting of Socket Mode did not come');
    return { socket, opened, hello };
  };
  const use = (next: Awaited<ReturnType<typeof connect>>) => {
    line = next;
    if (isClosed) next.socket.close();
  };
  let line = await connect();

  return {
    heard,
    opened: line.opened,
    hello: line.hello,
    async after(mark, what, fits, ms = options.eventMs) {
      const until = Date.now() + ms;
      while (!heard.slice(mark).some(fits)) {
        signal.throwIfAborted();
        const left = until - Date.now();
        if (left <= 0) throw new CheckFailed(`${what} did not come`);
        await news(waiting, left, signal);
      }
      await sleep(options.settleMs, undefined, { signal });
      return heard.slice(mark).filter(fits);
    },
    ignore(fits) {
      ignored.add(fits);
      return () => void ignored.delete(fits);
    },
    handTo(next) {
      other = next;
    },
    async close() {
      isClosed = true;
      const { socket } = line;
      if (socket.readyState === socket.CLOSED) return;
      const closed = new Promise((resolve) => socket.addEventListener('close', resolve, { once: true }));
      socket.close();
      await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** Waits until something was heard, `ms` at most, or until the end. */
function news(waiting: Set<() => void>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      waiting.delete(done);
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    waiting.add(done);
  });
}

function parsed(data: unknown): Envelope | null {
  try {
    const envelope: unknown = JSON.parse(String(data));
    return typeof envelope === 'object' && envelope !== null ? envelope : null;
  } catch {
    return null;
  }
}
