import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { asSlackApiError, checkAnswer, SlackApiError } from './api-error.ts';
import { boltLogger } from './logger.ts';
import { createPaces } from './pace.ts';

export { SlackApiError };

export interface SlackApi {
  /**
   * Calls one Web API method, within Slack's rate limits. Waits for its turn and, when told `Retry-After`, for as
   * long as Slack asks if that is at most `patienceMs`; reads are tried again after a network error.
   * Throws `SlackApiError`.
   */
  call<T = Record<string, unknown>>(
    method: string,
    args?: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<T>;
  close(): Promise<void>;
}

export interface CallOptions {
  /** Runs when the call's turn has come, just before it is sent. If it throws, nothing is sent. */
  beforeSend?: () => Promise<void>;
  /** How long a rate limit may hold this call up, in ms (default 30 s). A person waiting for an answer waits less. */
  patienceMs?: number;
}

/**
 * Calls a minute that Slack grants for each tier; 100+ is a floor in Slack's words, so the pace stays just under it.
 * Source: docs.slack.dev/apis/web-api/rate-limits and each method's page.
 */
const PER_MINUTE: Record<string, number> = {
  'apps.connections.open': 1,
  'conversations.list': 20,
  'users.list': 20,
  'slackLists.download.start': 20,
  'slackLists.download.get': 100,
  'users.info': 100,
  'files.info': 100,
  'conversations.members': 100,
  'views.open': 100,
  'views.update': 100,
  'views.push': 100,
  'views.publish': 100,
  'chat.postEphemeral': 100,
  'chat.postMessage': 300,
};
/** Most methods are of tier 3. */
const OTHERWISE_PER_MINUTE = 50;

/** Messages written to one channel are spaced by this much: Slack allows about one a second and channel. */
const CHANNEL_SPACING_MS = 1_000;

/** One channel's writes go through one queue, so that edits do not overtake posts. */
const CHANNEL_WRITES = new Set(['chat.postMessage', 'chat.update']);

/** Calls that must not be repeated blindly, because Slack would do them twice or refuse the second. */
const ONCE = new Set(['chat.postMessage', 'chat.postEphemeral', 'views.open', 'views.push']);

/** Of one method. */
const CALLS_AT_ONCE = 16;

const TIMEOUT_MS = 10_000;
const RETRY_DELAYS_MS = [250, 1_000];

/** A rate-limited, logged way to Slack's Web API for one workspace. */
export function createSlackApi(account: {
  token: string;
  apiUrl: string;
  log: Log;
  /** How many processes call Slack with this token, now (1). */
  sharers?: () => number;
}): SlackApi {
  const { sharers = () => 1 } = account;
  const client = new WebClient(account.token, {
    slackApiUrl: account.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    logger: boltLogger(account.log.child({ part: 'web-api' }), 'error'),
  });
  const methods = createPaces(
    (method) => ({ atOnce: CALLS_AT_ONCE, perMinute: PER_MINUTE[method] ?? OTHERWISE_PER_MINUTE }),
    { sharers },
  );
  const channels = createPaces(() => ({ atOnce: 1, spacingMs: CHANNEL_SPACING_MS }), { sharers });
  /** Until when each method (or channel) must rest, by the steady clock, as Slack's `Retry-After` told us. */
  const restUntil = new Map<string, number>();

  async function once<T>(
    method: string,
    args: Record<string, unknown>,
    limitKey: string,
    patienceMs: number,
    beforeSend?: () => Promise<void>,
  ): Promise<T> {
    const wait = (restUntil.get(limitKey) ?? 0) - performance.now();
    if (wait > patienceMs) {
      throw new SlackApiError(method, 'ratelimited', { temporary: true, retryAfterMs: wait });
    }
    if (wait > 0) await sleep(wait);
    await beforeSend?.();
    try {
      const answer = await client.apiCall(method, args);
      checkAnswer(method, answer);
      return answer as T;
    } catch (error) {
      const failure = asSlackApiError(method, error);
      if (failure.retryAfterMs !== undefined)
        restUntil.set(limitKey, performance.now() + failure.retryAfterMs);
      throw failure;
    }
  }

  async function patient<T>(
    method: string,
    args: Record<string, unknown>,
    limitKey: string,
    { patienceMs = 30_000, beforeSend }: CallOptions,
  ): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once<T>(method, args, limitKey, Math.max(0, deadline - performance.now()), beforeSend);
      } catch (error) {
        if (!(error instanceof SlackApiError) || !error.temporary) throw error;
        if (error.retryAfterMs !== undefined) {
          // A refusal is not a call carried out: it may be repeated, whatever the method.
          if (performance.now() + error.retryAfterMs > deadline) throw error;
          continue;
        }
        const delay = RETRY_DELAYS_MS[attempt];
        if (ONCE.has(method) || delay === undefined || performance.now() + delay > deadline) throw error;
        await sleep(delay);
      }
    }
  }

  return {
    async call<T>(method: string, args: Record<string, unknown> = {}, options: CallOptions = {}) {
      const channel = CHANNEL_WRITES.has(method) ? String(args.channel) : undefined;
      const limitKey = channel === undefined ? method : `${method} ${channel}`;
      const paced = () => methods.run(method, () => patient<T>(method, args, limitKey, options));
      return channel === undefined ? paced() : channels.run(channel, paced);
    },
    async close() {
      methods.close();
      channels.close();
    },
  };
}
