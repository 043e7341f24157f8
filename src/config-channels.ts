import { type Env, oneOf, words } from './env.ts';
import { ConfigError } from './errors.ts';
import { CHANNEL_PATTERN } from './text/channel-pattern.ts';

export interface ChannelPolicy {
  /** Which public channels the bot joins by itself: none, those made from now on, or all. */
  join: 'off' | 'new' | 'all';
  /** The names of channels that it does not join by itself; `*` is any text. */
  joinExcept: readonly string[];
  /** Whether it says hello in a channel that it has come into. */
  hello: boolean;
  /** Whether files of other organisations' people, over Slack Connect, are kept or only recorded. */
  external: 'keep' | 'record';
}

/** Which channels the bot joins, what it says there, and whose files it keeps. Throws `ConfigError`. */
export function channelPolicy(env: Env): ChannelPolicy {
  const joinExcept = words(env, 'VAULT_JOIN_EXCEPT');
  const wrong = joinExcept.find((pattern) => !CHANNEL_PATTERN.test(pattern));
  if (wrong !== undefined) {
    throw new ConfigError(
      'VAULT_JOIN_EXCEPT',
      `VAULT_JOIN_EXCEPT must list names of channels such as #random or legal-*, not "${wrong}".`,
    );
  }
  return {
    join: oneOf(env, 'VAULT_JOIN', ['off', 'new', 'all'] as const, 'off'),
    joinExcept,
    hello: oneOf(env, 'VAULT_HELLO', ['on', 'off'] as const, 'on') === 'on',
    external: oneOf(env, 'VAULT_EXTERNAL', ['keep', 'record'] as const, 'keep'),
  };
}
