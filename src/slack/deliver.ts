import type { App, StringIndexed } from '@slack/bolt';
import { atMost } from '../at-most.ts';
import { inDelivery } from '../delivery-id.ts';
import type { Log } from '../log.ts';
import type { DeliveryDone } from '../observed.ts';
import type { Missed } from './missed.ts';

export interface Delivery {
  body: StringIndexed;
  /** Sends the answer to Slack. An event is answered only after everything it caused is committed. */
  ack(response?: unknown): Promise<void>;
  retryNum?: number;
  retryReason?: string;
  /** When it came, by the steady clock (now). */
  arrivedAt?: number;
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
  /** Is told how each delivery ended. */
  onDelivery?: ((done: DeliveryDone) => void) | undefined;
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
  const { app, log, missed, mayWrite = async () => true, onDelivery } = options;
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
      const { body, ack, arrivedAt = performance.now() } = delivery;
      let answeredAt: number | undefined;
      const noting = async (response?: unknown) => {
        await ack(response);
        answeredAt ??= performance.now();
      };
      const work = inDelivery(deliveryId(body), () => run({ ...delivery, ack: noting }));
      const watched = work
        .catch(() => {})
        .then(() => {
          const seconds = ((answeredAt ?? performance.now()) - arrivedAt) / 1_000;
          onDelivery?.({ kind: deliveryKind(body), acknowledged: answeredAt !== undefined, seconds });
        });
      running.add(watched);
      void watched.then(() => running.delete(watched));
      await work;
    },
    async settle(ms) {
      await atMost(ms, Promise.all(running));
    },
  };
}

/** The events that the vault asks for; see manifest.yml. */
const EVENTS: ReadonlySet<string> = new Set([
  'message',
  'file_shared',
  'file_change',
  'file_deleted',
  'file_unshared',
  'member_joined_channel',
  'member_left_channel',
  'channel_left',
  'group_left',
  'channel_id_changed',
  'user_change',
  'app_home_opened',
  'app_mention',
  'team_access_granted',
  'team_access_revoked',
]);

/** The id that Slack gave an event, the same whenever it is sent again. Commands and clicks have none that may be logged. */
export function deliveryId({ event_id: id }: StringIndexed): string | undefined {
  return typeof id === 'string' && /^\w{1,40}$/.test(id) ? id : undefined;
}

/** What a delivery is, from a fixed list: an event's type, `command`, `interaction`, `rate_limited` or `other`. */
export function deliveryKind({ type, event, command }: StringIndexed): string {
  if (type === 'app_rate_limited') return 'rate_limited';
  const eventType = (event as { type?: unknown } | undefined)?.type;
  if (typeof eventType === 'string') return EVENTS.has(eventType) ? eventType : 'other';
  if (typeof command === 'string') return 'command';
  return typeof type === 'string' && event === undefined ? 'interaction' : 'other';
}
