import { HOUR_MS, MINUTE_MS } from '../time.ts';
import type { SlackApi } from './api.ts';
import { JOIN_SCOPE } from './scopes.ts';

interface Known {
  /** By a steady clock, in ms. */
  at: number;
  may: boolean;
}

const known = new WeakMap<SlackApi, Known>();

/** Slack said which scopes the token has; none if it lists none. */
export function noteScopes(api: SlackApi, granted: readonly string[]): void {
  const may = granted.length === 0 || granted.includes(JOIN_SCOPE);
  known.set(api, { at: performance.now(), may });
}

/**
 * Whether the app may join channels by itself, as Slack last said: a yes is an hour old at most, and a no a minute, as somebody
 * may just have given the scope. `ask` asks which scopes the token has. Throws `SlackApiError`.
 */
export async function mayJoin(
  api: SlackApi,
  ask: (api: SlackApi) => Promise<readonly string[]>,
): Promise<boolean> {
  const before = known.get(api);
  if (before !== undefined && performance.now() - before.at < (before.may ? HOUR_MS : MINUTE_MS))
    return before.may;
  noteScopes(api, await ask(api));
  return known.get(api)?.may === true;
}
