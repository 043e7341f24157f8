import type { IncomingMessage, ServerResponse } from 'node:http';
import { type App, HTTPModuleFunctions as http, type Receiver } from '@slack/bolt';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { createDeliverer, type Deliverer } from './deliver.ts';
import type { Missed } from './missed.ts';

export interface HttpReceiver extends Receiver {
  /** Answers one `POST /slack/events`; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  settle(ms: number): Promise<void>;
}

/**
 * Events, commands and interactivity over HTTP, signature checked by Bolt's own functions. Bolt's HTTPReceiver
 * either acknowledges events before they are safe or (`processBeforeResponse`) holds back the answers that people
 * wait for; here events are answered after commit and everything else at its `ack()`.
 */
export function createHttpReceiver(options: {
  signingSecret: string;
  log: Log;
  onRateLimited(): Promise<void> | void;
  missed?: Missed;
}): HttpReceiver {
  const { log, signingSecret } = options;
  let deliverer: Deliverer | undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, response);
    if (body === undefined || deliverer === undefined) return;
    if (body.ssl_check === '1') return http.buildSSLCheckResponse(response);
    if (body.type === 'url_verification') return http.buildUrlVerificationResponse(response, body);
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
      // Something no listener knows. Slack need not repeat it.
      if (!response.headersSent) http.buildNoBodyResponse(response, 404);
    } catch (error) {
      log.warn(
        { code: errorCode(error), err: error },
        'a delivery was not acknowledged; Slack will repeat it',
      );
      if (!response.headersSent) http.buildNoBodyResponse(response, 500);
    }
  }

  async function readBody(request: IncomingMessage, response: ServerResponse) {
    let verified: Awaited<ReturnType<typeof http.parseAndVerifyHTTPRequest>>;
    try {
      verified = await http.parseAndVerifyHTTPRequest({ enabled: true, signingSecret }, request);
    } catch (error) {
      const tooLarge = http.isRawBodyError(error) && error.statusCode === 413;
      log.warn(
        { code: tooLarge ? 'body_too_large' : 'bad_signature' },
        'refused a request that Slack did not sign',
      );
      http.buildNoBodyResponse(response, tooLarge ? 413 : 401);
      return undefined;
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
