import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { withRequestId } from '../network/request-id.ts';
import { createFetch } from '../network/web.ts';
import type { SlackCallDone, SlackCallObserver } from '../observed.ts';
import { asSlackApiError, checkAnswer, SlackApiError } from './api-error.ts';
import { boltLogger } from './logger.ts';
import { createPaces, NoTurnError } from './pace.ts';
import { type Urgency, urgencyNow } from './urgency.ts';
import { createWorkspaces, type Workspaces } from './workspaces.ts';

export { SlackApiError };

export interface SlackApi {
  /**
   * Calls one Web API method, within Slack's rate limits. Waits for its turn, and for as long as Slack's `Retry-After`
   * says, up to `patienceMs` in all. If that is not enough, it fails with `ratelimited` and the time to wait, at once
   * when that is already certain. Reads are tried again after a network error. Throws `SlackApiError`.
   */
  call<T = Record<string, unknown>>(
    method: string,
    args?: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<T>;
  /** For which workspaces the token is good; missing only in tests. */
  workspaces?: Workspaces;
  close(): Promise<void>;
}

export interface CallOptions {
  /** Runs when the call's turn comes, just before it is sent. If it throws, nothing is sent. */
  beforeSend?: () => Promise<void>;
  /** How long this call may wait in line and for Slack's limits together, in ms (default 30 s). */
  patienceMs?: number;
  /** For whom the call is (default: as set by `askingFor`). The more urgent call goes first. */
  urgency?: Urgency;
  /** Before the call's turn, this signal takes it out of the line. Then the call throws the signal's reason. */
  signal?: AbortSignal;
  /** For lists (`pagesOf`): with the token of an organisation, only these of its workspaces are asked about. */
  among?: readonly string[] | undefined;
  /** For lists (`pagesOf`): of each workspace, no more pages than these are read. */
  mostPages?: number;
}

/** The longest time a person waits in line. After two seconds they are told that it takes a moment. */
export const PERSON_PATIENCE_MS = 45_000;
const PATIENCE_MS = 30_000;

/**
 * Calls per minute that Slack allows, by tier. For "100+", 100 is the least that Slack allows, and is used here.
 * Source: docs.slack.dev/apis/web-api/rate-limits and each method's page.
 */
const PER_MINUTE: Record<string, number> = {
  'apps.connections.open': 1,
  'auth.teams.list': 20,
  'bookmarks.add': 20,
  'bookmarks.remove': 20,
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

/** Time between two messages to one channel: Slack allows about one per second and channel. */
const CHANNEL_SPACING_MS = 1_000;

/** Writes to one channel go through one queue, so that an edit does not overtake its post. */
const CHANNEL_WRITES = new Set(['chat.postMessage', 'chat.update']);

/** Calls that must not be repeated without a check: Slack would do them twice or refuse the second one. */
const ONCE = new Set(['chat.postMessage', 'chat.postEphemeral', 'views.open', 'views.push']);

/** Calls at once in all: more than there ever are. */
const MOST_AT_ONCE = 10_000;
/** Calls at once to one method. */
const CALLS_AT_ONCE = 16;

const TIMEOUT_MS = 10_000;
const RETRY_DELAYS_MS = [250, 1_000];

/**
 * The line that a call waits in. Slack counts "per API method per workspace/team per app"
 * (docs.slack.dev/apis/web-api/rate-limits), so what names a workspace has a line of its own.
 */
const lineOf = (method: string, { team_id }: Record<string, unknown>) =>
  typeof team_id === 'string' ? `${method} ${team_id}` : method;
const methodOf = (line: string) => line.split(' ', 1)[0] ?? line;

/** Makes a rate-limited and logged client for Slack's Web API, for one token. */
export function createSlackApi(account: {
  token: string;
  apiUrl: string;
  log: Log;
  /** How many processes call Slack with this token now (1). */
  sharers?: () => number;
  /** Whether this number may soon be smaller (no). */
  mayBeFewer?: () => boolean;
  /** Is told of every call that was sent, and how long it waited for its turn. */
  observer?: SlackCallObserver;
}): SlackApi {
  const { sharers = () => 1, mayBeFewer = () => false, observer } = account;
  const client = new WebClient(account.token, {
    slackApiUrl: account.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    fetch: createFetch(),
    // Our own lines hold calls back. In a second one, a call would lose what belongs to it.
    maxRequestConcurrency: MOST_AT_ONCE,
    logger: boltLogger(account.log.child({ part: 'web-api' }), 'error'),
  });
  const methods = createPaces(
    (line) => ({ atOnce: CALLS_AT_ONCE, perMinute: PER_MINUTE[methodOf(line)] ?? OTHERWISE_PER_MINUTE }),
    { sharers, mayBeFewer },
  );
  // Writes to one channel keep their order, so that an edit does not overtake its post.
  const channels = createPaces(() => ({ atOnce: 1, spacingMs: CHANNEL_SPACING_MS }), {
    sharers,
    mayBeFewer,
  });

  async function once<T>(
    method: string,
    args: Record<string, unknown>,
    beforeSend?: () => Promise<void>,
  ): Promise<T> {
    await beforeSend?.();
    const sentAt = performance.now();
    const done = (outcome: SlackCallDone['outcome']) =>
      observer?.done({ method, outcome, seconds: (performance.now() - sentAt) / 1_000 });
    return withRequestId(async (idOf) => {
      try {
        const answer = await client.apiCall(method, args);
        checkAnswer(method, answer);
        done('ok');
        return answer as T;
      } catch (error) {
        const failure = asSlackApiError(method, error);
        const requestId = idOf();
        if (requestId !== null) failure.details = { requestId };
        done(outcomeOf(failure));
        throw failure;
      }
    });
  }

  /** Repeats the call while that makes sense. Between two tries, it uses no turn. */
  async function patient<T>(
    method: string,
    args: Record<string, unknown>,
    channel: string | undefined,
    o: CallOptions & { deadline: number; askedAt: number },
  ): Promise<T> {
    const { deadline, urgency, signal, beforeSend } = o;
    const line = lineOf(method, args);
    let waitsSince = o.askedAt;
    const send = () => {
      observer?.waited(method, (performance.now() - waitsSince) / 1_000);
      return once<T>(method, args, beforeSend);
    };
    for (let attempt = 0; ; attempt += 1) {
      const patienceMs = Math.max(0, deadline - performance.now());
      const waiting = { ...(urgency === undefined ? {} : { urgency }), patienceMs, signal };
      try {
        return await methods.run(line, send, waiting);
      } catch (error) {
        if (!(error instanceof SlackApiError) || error.permanent) throw error;
        waitsSince = performance.now();
        const { retryAfterMs } = error;
        if (retryAfterMs !== null) {
          // Slack limits writes per channel and everything else per method. Other calls go on.
          if (channel === undefined) methods.rest(line, retryAfterMs);
          else channels.rest(channel, retryAfterMs);
          // Slack did not do this call, so it may be repeated with any method.
          if (performance.now() + retryAfterMs > deadline) throw error;
          if (channel !== undefined) await sleep(retryAfterMs);
          continue;
        }
        const delay = RETRY_DELAYS_MS[attempt];
        if (ONCE.has(method) || delay === undefined || performance.now() + delay > deadline) throw error;
        await sleep(delay);
        waitsSince = performance.now();
      }
    }
  }

  const api: SlackApi = {
    async call<T>(method: string, args: Record<string, unknown> = {}, options: CallOptions = {}) {
      const { patienceMs = PATIENCE_MS, urgency = urgencyNow() } = options;
      const channel = CHANNEL_WRITES.has(method) ? String(args.channel) : undefined;
      const askedAt = performance.now();
      const deadline = askedAt + patienceMs;
      const call = () => patient<T>(method, args, channel, { ...options, deadline, urgency, askedAt });
      try {
        if (channel === undefined) return await call();
        return await channels.run(channel, call, { urgency, patienceMs, signal: options.signal });
      } catch (error) {
        if (!(error instanceof NoTurnError)) throw error;
        const { retryAfterMs } = error;
        throw new SlackApiError(method, 'ratelimited', { temporary: true, retryAfterMs, cause: error });
      }
    },
    async close() {
      methods.close();
      channels.close();
    },
  };
  return Object.assign(api, { workspaces: createWorkspaces(api.call) });
}

/** Slack's words for a token that is no good any more, for any method. */
const DEAD_TOKEN: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
]);

/** How a call ended, in one of a few words; Slack has hundreds of codes. */
function outcomeOf({ code, permanent }: SlackApiError): SlackCallDone['outcome'] {
  if (code === 'ratelimited' || code === 'rate_limited') return 'rate_limited';
  if (DEAD_TOKEN.has(code)) return 'unauthorized';
  return permanent ? 'refused' : 'failed';
}
