import { setTimeout as sleep } from 'node:timers/promises';
import { createFetch } from '../../network/web.ts';
import { CheckFailed } from '../endings.ts';
import { isVocabulary } from '../shapes/words.ts';

/** One answer of the Web API as it came: nothing is left out or put in between. */
export interface Answer {
  status: number;
  /** Those that the vault reads; see `SHOWN`. */
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: an answer as it travels
  body: any;
}

export type Call = (
  method: string,
  args?: Record<string, unknown>,
  options?: { token?: string },
) => Promise<Answer>;

const SHOWN = ['retry-after', 'content-type', 'x-oauth-scopes', 'x-accepted-oauth-scopes'];
const TIMEOUT_MS = 15_000;
/** How often a call that Slack puts off is made again. */
const TRIES = 4;
/** Slack allows about one message a second and channel. */
const POST_EVERY_MS = 1_050;

/**
 * Calls Slack's Web API with no library between, so that the answer is seen as it is. Waits where Slack says so (429),
 * and a second between two messages. Throws `CheckFailed` without an answer.
 */
export function createCall(account: {
  token: string;
  apiUrl: string;
  signal: AbortSignal;
  postEveryMs?: number;
}): Call {
  const send = createFetch();
  const { apiUrl, signal, postEveryMs = POST_EVERY_MS } = account;
  let nextPostAt = 0;
  const once = async (method: string, args: Record<string, unknown>, token: string): Promise<Answer> => {
    const fields = Object.entries(args).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    const response = await send(new URL(method, apiUrl), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      },
      body: new URLSearchParams(fields as string[][]).toString(),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return { status: response.status, headers: shown(response.headers), body: bodyOf(await response.text()) };
  };
  return async (method, args = {}, { token = account.token } = {}) => {
    if (method === 'chat.postMessage') {
      const wait = nextPostAt - Date.now();
      nextPostAt = Math.max(Date.now(), nextPostAt) + postEveryMs;
      if (wait > 0) await sleep(wait, undefined, { signal });
    }
    for (let left = TRIES; ; left--) {
      const answer = await once(method, args, token).catch((error: Error) => {
        if (signal.aborted) throw error;
        throw new CheckFailed(`${method} was not answered`, { cause: error });
      });
      if (answer.status !== 429 || left <= 1) return answer;
      await sleep(1_000 * Math.min(60, Number(answer.headers['retry-after']) || 1), undefined, { signal });
    }
  };
}

function shown(headers: Headers): Record<string, string> {
  const found = SHOWN.map((name) => [name, headers.get(name)]).filter(([, value]) => value !== null);
  return Object.fromEntries(found);
}

/** The JSON of an answer; a text for what is none. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The answer, if Slack says ok. Throws `CheckFailed` with Slack's word otherwise. */
export function okay(method: string, answer: Answer): Answer {
  if (answer.body?.ok === true) return answer;
  const word = answer.body?.error;
  const isWord = typeof word === 'string' && isVocabulary(word);
  throw new CheckFailed(`${method} was refused (${isWord ? word : `status ${answer.status}`})`);
}
