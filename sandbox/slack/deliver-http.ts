/** Requests to the app's URL, signed as Slack signs them. */
import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AttemptResult } from './deliver.ts';
import type { Json } from './types.ts';
import type { Ack, World } from './world.ts';

/** An app has three seconds for every request. */
export const ACK_MS = 3000;

/** Slack's v0 signature of a body. */
export function signature(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Sends one event to the app's URL. */
export async function deliverByHttp(
  world: World,
  body: Json,
  retry: { num: number; reason?: string },
  ackMs: number,
): Promise<AttemptResult> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (retry.num > 0) {
    headers['x-slack-retry-num'] = String(retry.num);
    headers['x-slack-retry-reason'] = retry.reason ?? 'unknown_error';
  }
  const answer = await post(world, JSON.stringify(body), headers, ackMs);
  if (typeof answer === 'string') return { ok: false, reason: answer };
  if (answer.status >= 200 && answer.status < 300) return { ok: true };
  return { ok: false, reason: 'http_error', stop: answer.headers['x-slack-no-retry'] === '1' };
}

/** Sends a command (form fields) or an interaction (one field, `payload`) and waits for the answer to it. */
export async function askByHttp(
  world: World,
  kind: 'interactive' | 'slash_commands',
  payload: Json,
  ackMs: number,
): Promise<Ack> {
  const form =
    kind === 'interactive'
      ? new URLSearchParams({ payload: JSON.stringify(payload) })
      : new URLSearchParams(payload as Record<string, string>);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await post(world, form.toString(), headers, ackMs);
  if (answer === 'http_timeout') return { ok: false, reason: 'operation_timeout' };
  if (typeof answer === 'string') return { ok: false, reason: 'dispatch_failed' };
  if (answer.status >= 500) return { ok: false, reason: 'http_service_error' };
  if (answer.status >= 300) return { ok: false, reason: 'http_client_error' };
  return { ok: true, payload: parse(answer) };
}

function parse(answer: Answer): unknown {
  if (answer.body === '') return undefined;
  if (!answer.headers['content-type']?.includes('json')) return answer.body;
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

function post(
  world: World,
  body: string,
  extra: Record<string, string>,
  ackMs: number,
): Promise<Answer | 'http_timeout' | 'connection_failed'> {
  const url = world.app.requestUrl;
  if (url === undefined) return Promise.resolve('connection_failed');
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    ...extra,
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signature(world.app.signingSecret, timestamp, body),
  };
  return new Promise((resolve) => {
    const request = http.request(url, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', () => resolve('connection_failed'));
      response.on('end', () => {
        clearTimeout(timer);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    const timer = setTimeout(() => {
      resolve('http_timeout');
      request.destroy();
    }, ackMs);
    request.on('error', () => {
      clearTimeout(timer);
      resolve('connection_failed');
    });
    request.end(body);
  });
}
