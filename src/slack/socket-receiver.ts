import type { Socket } from 'node:net';
import type { App, Receiver, StringIndexed } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import type { WebClient } from '@slack/web-api';
import type { Dispatcher } from 'undici';
import { atMost } from '../at-most.ts';
import { connectionProblem } from '../connection-problem.ts';
import { ConfigError, errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { createDispatcher } from '../network/dispatcher.ts';
import { createFetch } from '../network/web.ts';
import { isErrorName, SLACK, UNEXPECTED } from './api-error.ts';
import { createDeliverer, type Deliverer, type DelivererOptions, deliveryId } from './deliver.ts';
import { watchGaps } from './gap.ts';
import { isTokenRefused, slackIsAway } from './identity.ts';
import { boltLogger } from './logger.ts';
import type { Missed } from './missed.ts';

/** Slack renews each connection every few hours. A second connection covers the seconds in between. */
const CONNECTIONS = 2;
const DISCONNECT_MS = 2_000;

interface SlackEvent {
  ack(response?: unknown): Promise<void>;
  body: StringIndexed;
  retry_num?: number;
  retry_reason?: string;
}

export interface SocketReceiver extends Receiver {
  /** How many of our connections are open right now. */
  connected(): number;
  settle(ms: number): Promise<void>;
}

/**
 * Socket Mode over two connections. Bolt's own receiver acknowledges first and works later, has only one connection,
 * and shares its options with the Web API client. The order used here is explained in `deliver.ts`.
 */
export function createSocketReceiver(options: {
  appToken: string;
  apiUrl: string;
  log: Log;
  onRateLimited(): Promise<void> | void;
  missed?: Missed;
  mayWrite?: DelivererOptions['mayWrite'];
  onDelivery?: DelivererOptions['onDelivery'];
  /** All connections were gone so long that Slack may have given up on events. */
  onLongGap(): void;
}): SocketReceiver {
  const { log } = options;
  let deliverer: Deliverer | undefined;
  const open = new Set<SocketModeClient>();
  const gaps = watchGaps(options.onLongGap);
  const refused = Promise.withResolvers<never>();
  // Only a start waits for it.
  refused.promise.catch(() => {});

  const fetch = createFetch();
  const clients = Array.from({ length: CONNECTIONS }, (_, index) => {
    const part = log.child({ part: 'socket', connection: index + 1 });
    const line = createLine(part);
    const client = new SocketModeClient({
      dispatcher: line.dispatcher,
      appToken: options.appToken,
      logger: boltLogger(part, 'error'),
      clientOptions: {
        slackApiUrl: options.apiUrl,
        // Without `forever`, an outage while reconnecting ends the process. The default waits longer and longer.
        retryConfig: { forever: true, minTimeout: 500, maxTimeout: 30_000, randomize: true },
        timeout: 10_000,
        fetch,
      },
    });
    client.on('close', line.cut);
    guardAgainstEventsWithoutEvent(client);
    hearRefusals(client, (said, error) => {
      part.error({ code: said }, 'Slack refuses the app token, so no events come over this connection');
      refused.reject(error);
    });
    keepReconnecting(client);
    client.on('connected', () => {
      open.add(client);
      gaps.open();
      log.info({ connections: open.size }, 'connected to Slack');
    });
    for (const gone of ['reconnecting', 'disconnected', 'close']) {
      client.on(gone, () => {
        open.delete(client);
        if (open.size === 0) gaps.closed();
      });
    }
    client.on('slack_event', ({ ack, body, retry_num, retry_reason }: SlackEvent) => {
      deliverer
        ?.deliver({
          body,
          ack,
          ...(retry_num === undefined ? {} : { retryNum: retry_num }),
          ...(retry_reason === undefined ? {} : { retryReason: retry_reason }),
        })
        .catch((error) => {
          // Not acknowledged: Slack delivers it again, to this process or another.
          log.warn(
            { code: errorCode(error), delivery: deliveryId(body), err: error },
            'a delivery was not acknowledged; Slack will repeat it',
          );
        });
    });
    return client;
  });

  return {
    init(app: App) {
      const { onRateLimited, missed, mayWrite, onDelivery } = options;
      deliverer = createDeliverer({ app, log, onRateLimited, missed, mayWrite, onDelivery });
    },
    async start() {
      // One connection is enough at first: after many starts, Slack makes the other wait for a minute.
      const connected = Promise.any(clients.map((client) => client.start())).catch(
        (error: AggregateError) => {
          throw error.errors[0];
        },
      );
      await Promise.race([connected, refused.promise]);
    },
    async stop() {
      // A socket may take seconds to close, or for ever if Slack does not answer. So the wait is limited.
      await atMost(DISCONNECT_MS, Promise.allSettled(clients.map((client) => client.disconnect())));
    },
    connected: () => open.size,
    settle: async (ms) => deliverer?.settle(ms),
  };
}

/**
 * The connection of one client. Slack's client ends the socket of a peer that stalls only if it made the socket itself,
 * so here `cut` does it. The client's own error does not say why a WebSocket could not be opened: the log does.
 */
function createLine(log: Log): { dispatcher: Dispatcher; cut(): void } {
  const sockets = new Set<Socket>();
  const dispatcher = createDispatcher({
    onSocket(socket) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    onError(error) {
      const problem = connectionProblem(error, SLACK);
      if (problem !== undefined) log.warn({ code: problem.code, err: error }, problem.sentence);
    },
  });
  return {
    dispatcher,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * `app_rate_limited` comes as an `events_api` envelope without an `event`. On it, socket-mode 3.1.0 dies with an
 * unhandled rejection (fixed in 3.1.1). So the envelope gets an event with only its own type before it is read.
 */
function guardAgainstEventsWithoutEvent(client: SocketModeClient): void {
  const [original] = client.listeners('ws_message') as Array<
    (data: unknown, isBinary: boolean) => Promise<void>
  >;
  if (original === undefined) return;
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    const text = typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString();
    void original(text.includes('"app_rate_limited"') ? withEvent(text) : data, isBinary);
  });
}

/**
 * Of Slack's refusals of a token, socket-mode 3.1 knows five, and asks again and again after the others, such as
 * `missing_scope`. This tells of all of them.
 */
function hearRefusals(client: SocketModeClient, tell: (said: string, error: unknown) => void): void {
  const { connections } = (client as unknown as { webClient: WebClient }).webClient.apps;
  const open = connections.open;
  connections.open = async (args) => {
    try {
      return await open(args);
    } catch (error) {
      const said = refusalIn(error);
      if (isAppTokenRefused(said)) tell(said, error);
      throw error;
    }
  };
}

/**
 * When a later try fails for good, socket-mode 3.1 leaves a rejection that nobody handles, which ends the process
 * (`delayReconnectAttempt` in its SocketModeClient). A token that is refused while the bot runs may be accepted again,
 * so it tries again, after longer and longer waits.
 */
function keepReconnecting(client: SocketModeClient): void {
  const inner = client as unknown as {
    shuttingDown: boolean;
    delayReconnectAttempt(again: () => Promise<unknown>): Promise<unknown>;
  };
  const delay = inner.delayReconnectAttempt;
  inner.delayReconnectAttempt = (again) =>
    delay.call(client, () =>
      again.apply(client).catch(() => (inner.shuttingDown ? undefined : inner.delayReconnectAttempt(again))),
    );
}

/** What Slack gave as the reason, whatever that is. */
function refusalIn(error: unknown): unknown {
  return (error as { data?: { error?: unknown } | null } | undefined)?.data?.error;
}

function isAppTokenRefused(said: unknown): said is string {
  return isErrorName(said) && (isTokenRefused(said) || said === 'socket_mode_not_enabled');
}

function withEvent(text: string): string {
  try {
    const envelope = JSON.parse(text) as { type?: string; payload?: { type?: string; event?: unknown } };
    if (
      envelope.type !== 'events_api' ||
      envelope.payload === undefined ||
      envelope.payload.event !== undefined
    )
      return text;
    return JSON.stringify({
      ...envelope,
      payload: { ...envelope.payload, event: { type: envelope.payload.type } },
    });
  } catch {
    return text;
  }
}

/**
 * Opens the sockets. Throws `ConfigError` when Slack refuses the app token, and `AwayError` when Slack is away or busy;
 * it may then be called again.
 */
export async function connectSockets(
  start: () => Promise<unknown>,
  apiUrl = 'https://slack.com/api/',
): Promise<void> {
  try {
    await start();
  } catch (error) {
    const said = refusalIn(error);
    if (!isAppTokenRefused(said)) {
      // A proxy's web page may stand there. It says nothing about the token.
      const code = said === undefined ? errorCode(error) : isErrorName(said) ? said : UNEXPECTED;
      throw slackIsAway(apiUrl, { code, cause: error }, ' for Socket Mode');
    }
    const remedy =
      said === 'missing_scope' || said === 'not_allowed_token_type'
        ? 'create an app-level token with the scope connections:write under "Basic Information"'
        : said === 'socket_mode_not_enabled'
          ? 'switch Socket Mode on in the app’s settings'
          : 'copy the app-level token again from "Basic Information"';
    throw new ConfigError('SLACK_APP_TOKEN', `Slack refused SLACK_APP_TOKEN (${said}): ${remedy}.`, {
      cause: error,
    });
  }
}
