/** Calls that go wrong on purpose. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiFault } from './faults.ts';
import { sendText } from './http.ts';
import type { Json } from './types.ts';

/**
 * A page of something between the app and Slack. Such answers are met (slackapi/python-slack-sdk#821 behind a proxy,
 * clonn/slack-node-sdk#20); @slack/web-api takes the whole text of what is no JSON for Slack's `error`
 * (packages/web-api/src/WebClient.ts, buildResult).
 */
const WEB_PAGE =
  '<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Please wait</h1>' +
  '<p>The service cannot be reached just now.</p></body></html>';

/** Does what the fault says; false if the call may go on as usual (it was only late). */
export async function strikeCall(
  fault: ApiFault,
  request: IncomingMessage,
  response: ServerResponse,
  send: (status: number, body: Json, headers?: Record<string, string>) => void,
): Promise<boolean> {
  if (fault.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault.hang) return true;
  if (fault.reset) {
    request.socket.resetAndDestroy();
    return true;
  }
  if (fault.error !== undefined) {
    send(fault.status ?? 200, { ok: false, error: fault.error });
    return true;
  }
  if (fault.webPage) {
    sendText(response, fault.status ?? 200, WEB_PAGE, 'text/html');
    return true;
  }
  if (fault.body !== undefined) {
    send(fault.status ?? 200, fault.body);
    return true;
  }
  if (fault.text !== undefined) {
    sendText(response, fault.status ?? 200, fault.text, 'application/json');
    return true;
  }
  if (fault.status === undefined) return false;
  if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
  if (fault.status === 429) send(429, { ok: false, error: 'ratelimited' });
  else sendText(response, fault.status, 'upstream connect error or disconnect/reset before headers');
  return true;
}
