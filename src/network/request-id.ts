import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<{ id: string | null }>();

/** Slack's form of such an id; anything else was not written by Slack. */
const ID = /^[\w.-]{1,80}$/;

/**
 * The same `fetch`, which notes Slack's name for each request (`x-slack-req-id`): Slack's support asks for it. Slack's
 * client gives its caller no headers.
 */
export function notingRequestIds(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    const call = current.getStore();
    if (call === undefined) return answer;
    const id = answer.headers.get('x-slack-req-id');
    if (id !== null && ID.test(id)) call.id = id;
    return answer;
  };
}

/** Makes one call. `idOf` gives Slack's name for its request, if an answer has come; else null. */
export function withRequestId<T>(call: (idOf: () => string | null) => Promise<T>): Promise<T> {
  const mine = { id: null };
  return current.run(mine, () => call(() => mine.id));
}
