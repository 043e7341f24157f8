import { connectionProblem } from '../connection-problem.ts';
import { errorCode } from '../errors.ts';
import { createFetch } from '../network/web.ts';
import { isErrorName, SLACK } from '../slack/api-error.ts';
import { noteClock } from './clock.ts';
import type { Situation } from './situation.ts';

const PATIENCE_MS = 8_000;

/** What came of one question to Slack's Web API. */
export type SlackAnswer =
  /** Slack answered; `error` is its refusal. */
  | { kind: 'answer'; error: string | undefined; body: Record<string, unknown>; scopes: string | null }
  /** Something else answered in its place. */
  | { kind: 'other'; status: number }
  | { kind: 'away'; sentence: string; isTrust: boolean };

/** Calls one method, once. Never throws. Notes Slack's clock. */
export async function askSlack(
  situation: Situation,
  method: string,
  token?: string,
  args: Record<string, string> = {},
): Promise<SlackAnswer> {
  const { apiUrl } = situation.slack ?? situation.config.slack;
  const sentAt = Date.now();
  try {
    const answer = await createFetch(situation.config.proxies)(`${apiUrl}${method}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: new URLSearchParams(args).toString(),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 429) return { kind: 'answer', error: 'ratelimited', body: {}, scopes: null };
    const body: unknown = await answer.json().catch(() => undefined);
    if (typeof body !== 'object' || body === null || !('ok' in body))
      return { kind: 'other', status: answer.status };
    noteClock(situation, 'slack', answer.headers.get('date'), sentAt);
    const { ok, error } = body as { ok: unknown; error?: unknown };
    const refusal = isErrorName(error) ? error : 'unexpected_answer';
    const scopes = answer.headers.get('x-oauth-scopes');
    return {
      kind: 'answer',
      error: ok === true ? undefined : refusal,
      body: body as Record<string, unknown>,
      scopes,
    };
  } catch (error) {
    const { host } = new URL(apiUrl);
    const problem = connectionProblem(error, { ...SLACK, what: `Slack at ${host}` });
    const { cause } = error as { cause?: unknown };
    const code = (error as Error).name === 'TimeoutError' ? 'no answer in time' : errorCode(cause ?? error);
    return {
      kind: 'away',
      sentence: problem?.sentence ?? `Slack at ${host} cannot be reached (${code}).`,
      isTrust: problem?.kind === 'trust',
    };
  }
}
