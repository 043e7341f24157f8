import { setTimeout as sleep } from 'node:timers/promises';
import type { RespondFn } from '@slack/bolt';
import { SlackApiError, UNEXPECTED } from './api-error.ts';

type Answer = Parameters<RespondFn>[0];

const DELAYS_MS = [250, 1_000];

/**
 * Answers over Slack's `response_url`. Slack says `ok` there, in JSON or as plain text. A web page comes from a proxy:
 * then the answer did not arrive, and it is tried two more times. Throws `SlackApiError` when only pages come.
 */
export async function respondFor(respond: RespondFn, answer: Answer): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const said: unknown = await respond(answer);
    if (!(await isPage(said))) return;
    const delay = DELAYS_MS[attempt];
    if (delay === undefined) throw new SlackApiError('response_url', UNEXPECTED, { temporary: true });
    await sleep(delay);
  }
}

async function isPage(said: unknown): Promise<boolean> {
  // Behind a proxy it is undici's `Response`, not Node's.
  const { text, bodyUsed } = (said ?? {}) as Partial<Response>;
  if (typeof text !== 'function' || bodyUsed) return false;
  return (await text.call(said)).trimStart().startsWith('<');
}
