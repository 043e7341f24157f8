import type { App, StringIndexed } from '@slack/bolt';
import { atMost } from '../at-most.ts';
import type { Log } from '../log.ts';
import type { Missed } from './missed.ts';

export interface Delivery {
  body: StringIndexed;
  /** Sends the answer to Slack. An event is answered only after everything it caused is committed. */
  ack(response?: unknown): Promise<void>;
  retryNum?: number;
  retryReason?: string;
}

export interface Deliverer {
  deliver(delivery: Delivery): Promise<void>;
  /** Waits until every delivery under way has been answered, for at most `ms`. */
  settle(ms: number): Promise<void>;
}

export interface DelivererOptions {
  app: App;
  log: Log;
  /** Slack dropped events because there were too many. It is acknowledged once a search for them is written down. */
  onRateLimited(): Promise<void> | void;
  /** Is told about each event: whether it could be written down or not. */
  missed?: Pick<Missed, 'missed' | 'worked'> | undefined;
  /** False while nothing may be written down, such as during a rebuild (always true). */
  mayWrite?: (() => Promise<boolean>) | undefined;
}

/** Nothing may be written down at this moment, so a delivery is refused. Slack sends it again. */
class NotYetError extends Error {
  readonly code = 'not_yet';
}

/**
 * Hands deliveries to Bolt in an order that loses nothing. Bolt itself acknowledges an event *before* its listeners
 * run. A crash in between would lose the event: Slack would not send it again. So the acknowledgement of an event is
 * held back until all listeners (which only write rows) have committed. If one of them throws, it is never sent, and
 * Slack delivers the event again. Listeners for what a person waits for acknowledge it themselves.
 */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const { app, log, missed, mayWrite = async () => true } = options;
  const running = new Set<Promise<void>>();

  async function run({ body, ack, ...about }: Delivery): Promise<void> {
    if (!(await mayWrite())) throw new NotYetError('the catalog is being rebuilt');
    // This delivery has no `event`, and Bolt would fail on it.
    if (body.type === 'app_rate_limited') {
      log.warn(
        { code: 'app_rate_limited', minute: body.minute_rate_limited },
        'Slack dropped events: too many in an hour',
      );
      await written(async () => options.onRateLimited());
      return ack();
    }
    if (body.event === undefined) {
      await app.processEvent({ body, ack: (response?: unknown) => ack(response), ...about });
      return;
    }
    await written(() => app.processEvent({ body, ack: async () => {}, ...about }));
    await ack();
  }

  async function written(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      missed?.missed(error);
      throw error;
    }
    missed?.worked();
  }

  return {
    async deliver(delivery) {
      const work = run(delivery);
      const watched = work.catch(() => {});
      running.add(watched);
      watched.then(() => running.delete(watched));
      await work;
    },
    async settle(ms) {
      await atMost(ms, Promise.all(running));
    },
  };
}
