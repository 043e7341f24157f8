import { ConfigError } from './errors.ts';

/** The environment, as Node has it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The value without spaces around it; undefined also for an empty one. */
export function given(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** A value of this form, or undefined when there is none. `what` says what it must be. */
export function matching(env: Env, name: string, form: RegExp, what: string): string | undefined {
  const text = given(env, name);
  if (text !== undefined && !form.test(text))
    throw new ConfigError(name, `${name} must be ${what}, not "${text}".`);
  return text;
}

export function wholeNumber(env: Env, name: string, standard: number, least: number, most: number): number {
  const text = given(env, name);
  if (text === undefined) return standard;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
    throw new ConfigError(name, `${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

export function price(env: Env, name: string, standard: number): number {
  const text = given(env, name);
  if (text === undefined) return standard;
  const value = Number(text.replace(/^\$/, ''));
  if (!/^\$?\d{1,6}(\.\d{1,9})?$/.test(text)) {
    throw new ConfigError(
      name,
      `${name} must be a price in dollars such as 0.023, or 0 for none, not "${text}".`,
    );
  }
  return value;
}

export function oneOf<T extends string>(env: Env, name: string, choices: readonly T[], standard: T): T {
  const text = given(env, name)?.toLowerCase();
  if (text === undefined) return standard;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new ConfigError(name, `${name} must be one of ${choices.join(', ')}, not "${text}".`);
  return choice;
}

/** The name of an emoji in Slack: also of a custom emoji, and with a skin tone. */
export function emoji(env: Env, name: string, standard: string): string {
  const text = given(env, name);
  if (text === undefined) return standard;
  const bare = text.replace(/^:(.+):$/, '$1').toLowerCase();
  if (!/^[\p{Ll}\p{Lo}\p{N}_+'’.-]{1,100}(::skin-tone-[2-6])?$/u.test(bare))
    throw new ConfigError(name, `${name} must be the name of an emoji such as file_cabinet, not "${text}".`);
  return bare;
}

export function flag(env: Env, name: string): boolean {
  return oneOf(env, name, ['0', '1', 'false', 'true'] as const, '0').match(/^(1|true)$/) !== null;
}

export function words(env: Env, name: string): string[] {
  return (given(env, name) ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

export function userIds(env: Env, name: string): string[] {
  const ids = words(env, name);
  const wrong = ids.find((id) => !/^[UW][A-Z0-9]+$/.test(id));
  if (wrong !== undefined) {
    throw new ConfigError(
      name,
      `${name} must list Slack member ids such as U012AB3CD (in a profile: ⋮ → Copy member ID), not "${wrong}".`,
    );
  }
  return ids;
}
