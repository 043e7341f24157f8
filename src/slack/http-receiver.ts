import type { IncomingMessage, ServerResponse } from 'node:http';
import { type App, HTTPModuleFunctions as http, type Receiver } from '@slack/bolt';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { refuseRequest } from '../refuse-request.ts';
import { createBodies } from './bodies.ts';
import { createDeliverer, type Deliverer } from './deliver.ts';
import type { Missed } from './missed.ts';
import { createReplays, type SharedMemory } from './replays.ts';
import { type Refusal, refusalByHeaders } from './signed-request.ts';

export interface HttpReceiver extends Receiver {
  /** Answers one `POST /slack/events`; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  settle(ms: number): Promise<void>;
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
}): HttpReceiver {
  const { log, signingSecret } = options;
  const bodies = createBodies();
  const replays = createReplays({ shared: options.seenRequests, log });
  let deliverer: Deliverer | undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, response);
    if (body === undefined || deliverer === undefined) return;
    if (body.ssl_check === '1') return http.buildSSLCheckResponse(response);
    if (body.type === 'url_verification') return http.buildUrlVerificationResponse(response, body);
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
        body,
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
        { code: errorCode(error), err: error },
        'a delivery was not acknowledged; Slack will repeat it',
      );
      if (!response.headersSent) http.buildNoBodyResponse(response, 500);
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
      deliverer = createDeliverer({ app, log, onRateLimited: options.onRateLimited, missed: options.missed });
    },
    async start() {},
    async stop() {},
    handle,
    settle: async (ms) => deliverer?.settle(ms),
  };
}
