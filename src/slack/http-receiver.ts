import type { IncomingMessage, ServerResponse } from 'node:http';
import { type App, HTTPModuleFunctions as http, type Receiver, type StringIndexed } from '@slack/bolt';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { refuseRequest } from '../refuse-request.ts';
import { createBodies } from './bodies.ts';
import { createDeliverer, type Deliverer, type DelivererOptions, deliveryId } from './deliver.ts';
import type { Missed } from './missed.ts';
import { type Owner, ownerOf } from './owner.ts';
import { createReplays, type SharedMemory } from './replays.ts';
import { type Refusal, refusalByHeaders } from './signed-request.ts';

export interface HttpReceiver extends Receiver {
  /** Answers one `POST /slack/events`; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  settle(ms: number): Promise<void>;
  /** For whom Slack sends events, as the first signed one says. */
  account: Promise<Account>;
}

/** The installation that an event is for. */
export interface Account extends Owner {
  botUserId: string;
}

/**
 * Events, commands and interactivity over HTTP. Bolt's own functions check the signature. Bolt's HTTPReceiver either
 * acknowledges events before they are safe, or (`processBeforeResponse`) holds back the answers that people wait for.
 * Here events are answered after the commit, and everything else at its `ack()`.
 */
export function createHttpReceiver(options: {
  signingSecret: string;
  log: Log;
  onRateLimited(): Promise<void> | void;
  missed?: Missed;
  /** Knows commands and clicks that came to any bot of this catalog. */
  seenRequests: SharedMemory;
  mayWrite?: DelivererOptions['mayWrite'];
  onDelivery?: DelivererOptions['onDelivery'];
}): HttpReceiver {
  const { log, signingSecret } = options;
  const bodies = createBodies();
  const replays = createReplays({ shared: options.seenRequests, log });
  const heard = Promise.withResolvers<Account>();
  let deliverer: Deliverer | undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = performance.now();
    const body = await readBody(request, response);
    if (body === undefined) return;
    if (body.ssl_check === '1') return http.buildSSLCheckResponse(response);
    if (body.type === 'url_verification') return http.buildUrlVerificationResponse(response, body);
    const account = accountOf(body);
    if (account !== null) heard.resolve(account);
    // It cannot be written down yet. Slack sends it again.
    if (deliverer === undefined) return http.buildNoBodyResponse(response, 503);
    if (await replays.isReplay(request.headers['x-slack-signature'], body)) {
      log.warn(
        { code: 'replayed' },
        'a command or click came a second time, word for word; nothing was done',
      );
      return http.buildNoBodyResponse(response, 200);
    }
    const retryNum = http.extractRetryNumFromHTTPRequest(request);
    const retryReason = http.extractRetryReasonFromHTTPRequest(request);
    try {
      await deliverer.deliver({
        ...{ body, arrivedAt },
        ack: async (answer) => {
          if (!response.headersSent) http.buildContentResponse(response, answer);
        },
        ...(retryNum === undefined ? {} : { retryNum }),
        ...(retryReason === undefined ? {} : { retryReason }),
      });
      // No listener knows this request. Slack need not repeat it.
      if (!response.headersSent) http.buildNoBodyResponse(response, 404);
    } catch (error) {
      log.warn(
        { code: errorCode(error), delivery: deliveryId(body), err: error },
        'a delivery was not acknowledged; Slack will repeat it',
      );
      if (!response.headersSent)
        http.buildNoBodyResponse(response, errorCode(error) === 'not_yet' ? 503 : 500);
    }
  }

  /** The body of a request that Slack signed. Any other request is answered here, and as little as possible is read. */
  async function readBody(request: IncomingMessage, response: ServerResponse) {
    const refuse = ({ status, code }: Refusal) => {
      log.warn({ code }, 'refused a request that Slack did not sign');
      refuseRequest(request, response, status, code);
      return undefined;
    };
    const refusal = refusalByHeaders(request.headers, Date.now());
    if (refusal !== undefined) return refuse(refusal);
    const read = await bodies.read(request).catch(() => null);
    // The connection ended too early, so there is nobody to answer.
    if (read === null) return undefined;
    if (!Buffer.isBuffer(read)) return refuse(read);
    let verified: Awaited<ReturnType<typeof http.parseAndVerifyHTTPRequest>>;
    try {
      const whole = Object.assign(request, { rawBody: read });
      verified = await http.parseAndVerifyHTTPRequest({ enabled: true, signingSecret }, whole);
    } catch {
      return refuse({ status: 401, code: 'bad_signature' });
    }
    try {
      return http.parseHTTPRequestBody(verified);
    } catch {
      http.buildNoBodyResponse(response, 400);
      return undefined;
    }
  }

  return {
    init(app: App) {
      const { onRateLimited, missed, mayWrite, onDelivery } = options;
      deliverer = createDeliverer({ app, log, onRateLimited, missed, mayWrite, onDelivery });
    },
    async start() {},
    async stop() {},
    handle,
    account: heard.promise,
    settle: async (ms) => deliverer?.settle(ms),
  };
}

/**
 * Source: docs.slack.dev/apis/events-api, "Event payload": `authorizations` names an installation that the event is
 * visible to. An installation for a whole organisation has no workspace.
 */
function accountOf(body: StringIndexed): Account | null {
  const [first] = Array.isArray(body.authorizations) ? body.authorizations : [];
  const told = (first ?? {}) as Record<string, unknown>;
  const { user_id: botUserId, is_bot: isBot } = told;
  const owner = ownerOf(told);
  if (isBot !== true || owner === null || typeof botUserId !== 'string') return null;
  return { ...owner, botUserId };
}
