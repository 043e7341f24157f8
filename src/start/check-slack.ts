import { atMost } from '../at-most.ts';
import { errorCode } from '../errors.ts';
import type { SlackApi } from '../slack/api.ts';
import { isTokenRefused } from '../slack/identity.ts';
import type { SocketReceiver } from '../slack/socket-receiver.ts';
import { MINUTE_MS } from '../time.ts';

/** Who asks about the bot waits no longer for Slack; the answer then counts from the next time on. */
const PATIENCE_MS = 2_000;
/** Less than the wait before another try: one question is one request. */
const TURN_MS = 200;
/** Over HTTP, nothing but the Web API shows that Slack is there. One failure can be chance, two in a row are none. */
const AWAY_TIMES = 2;

type Answer = { kind: 'fine' } | { kind: 'refused' | 'away'; code: string };

/**
 * How it stands with Slack. Asks for the token at most once a minute, and only when somebody asks; the answer is kept.
 *
 * - A token that Slack refuses: down, whatever the sockets say. They stay open without it.
 * - Socket Mode: as long as a socket is open, Slack is there, also when its Web API is not.
 * - HTTP: down when two questions in a row, a minute apart, got no answer.
 * - A rate limit is an answer.
 */
export function slackCheck(o: {
  slack: SlackApi;
  receiver: object | SocketReceiver;
  /** A steady clock, in ms. */
  now?: () => number;
}): () => Promise<string> {
  const { slack, receiver, now = () => performance.now() } = o;
  let answer: Answer | undefined;
  let awayTimes = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> = Promise.resolve();

  async function ask(): Promise<void> {
    answer = await slack.call('auth.test', {}, { patienceMs: TURN_MS }).then(
      () => ({ kind: 'fine' }) as const,
      (error: unknown) => judge(errorCode(error)),
    );
    awayTimes = answer.kind === 'away' ? awayTimes + 1 : 0;
  }

  return async () => {
    if (now() - askedAt >= MINUTE_MS) {
      askedAt = now();
      asking = ask();
    }
    await atMost(PATIENCE_MS, asking);
    if (answer?.kind === 'refused') throw refusal(answer.code);
    const away = answer?.kind === 'away' ? `, the Web API does not answer (${answer.code})` : '';
    if ('connected' in receiver) {
      const connections = receiver.connected();
      return connections > 0 ? `${connections} connections${away}` : 'down: not connected';
    }
    if (answer?.kind === 'away' && awayTimes >= AWAY_TIMES) throw refusal(answer.code);
    return `http${away}`;
  };
}

function judge(code: string): Answer {
  if (isTokenRefused(code)) return { kind: 'refused', code };
  return /^rate_?limited$/.test(code) ? { kind: 'fine' } : { kind: 'away', code };
}

const refusal = (code: string) => Object.assign(new Error(`Slack: ${code}`), { code });
