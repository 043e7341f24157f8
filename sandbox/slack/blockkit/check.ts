/** The small functions from which the Block Kit rules are built. */

/** One thing that Slack would refuse: what, where (JSON pointer), and the limit that it broke, if any. */
export interface Problem {
  code:
    | 'missing_field'
    | 'unknown_field'
    | 'wrong_type'
    | 'too_short'
    | 'too_long'
    | 'not_allowed'
    | 'not_unique';
  message: string;
  pointer: string;
  constraint?: number | string;
}

export type Surface = 'message' | 'modal' | 'home';

/** What a rule works with: the surface, and the list for problems. */
export interface Check {
  surface: Surface;
  problems: Problem[];
}

/** Looks at one value and notes what is wrong with it. */
export type Rule = (check: Check, value: unknown, pointer: string) => void;

export type Fields = Record<string, Rule>;

// biome-ignore lint/suspicious/noExplicitAny: JSON as it travels; every rule checks what it reads
export type Json = Record<string, any>;

/** Notes a problem. */
export function note(
  check: Check,
  code: Problem['code'],
  message: string,
  pointer: string,
  constraint?: Problem['constraint'],
): void {
  check.problems.push({ code, message, pointer, ...(constraint === undefined ? {} : { constraint }) });
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text of `least` to `most` characters, as JavaScript counts them (an emoji may count as two). */
export function string(most: number, least = 1): Rule {
  return (check, value, pointer) => {
    if (typeof value !== 'string') return note(check, 'wrong_type', 'must be a string', pointer);
    if (value.length < least) {
      note(check, 'too_short', `must be more than ${least - 1} characters`, pointer, least);
    }
    if (value.length > most) {
      note(check, 'too_long', `must be less than ${most + 1} characters`, pointer, most);
    }
  };
}

/** An http or https URL. */
export function url(most = 3000): Rule {
  return (check, value, pointer) => {
    string(most)(check, value, pointer);
    if (typeof value === 'string' && !/^(https?|slack|mailto):\S+$/.test(value)) {
      note(check, 'wrong_type', 'invalid url', pointer);
    }
  };
}

export const boolean: Rule = (check, value, pointer) => {
  if (typeof value !== 'boolean') note(check, 'wrong_type', 'must be a boolean', pointer);
};

/** A whole number within bounds. */
export function integer(least: number, most: number): Rule {
  return (check, value, pointer) => {
    if (!Number.isInteger(value)) return note(check, 'wrong_type', 'must be an integer', pointer);
    if ((value as number) < least) note(check, 'too_short', `must be at least ${least}`, pointer, least);
    if ((value as number) > most) note(check, 'too_long', `must be at most ${most}`, pointer, most);
  };
}

/** One of a few words. */
export function oneOf(...words: string[]): Rule {
  return (check, value, pointer) => {
    if (words.includes(value as string)) return;
    note(check, 'not_allowed', 'must be a valid enum value', pointer, words.join(','));
  };
}

/** A text of a given shape, such as a date. */
export function matching(pattern: RegExp, what: string): Rule {
  return (check, value, pointer) => {
    if (typeof value !== 'string' || !pattern.test(value))
      note(check, 'wrong_type', `must be ${what}`, pointer);
  };
}

/** A list of `least` to `most` items, each of which follows `rule`. */
export function list(rule: Rule, least: number, most: number): Rule {
  return (check, value, pointer) => {
    if (!Array.isArray(value)) return note(check, 'wrong_type', 'must be an array', pointer);
    if (value.length < least)
      note(check, 'too_short', `no fewer than ${least} items allowed`, pointer, least);
    if (value.length > most) note(check, 'too_long', `no more than ${most} items allowed`, pointer, most);
    value.forEach((item, at) => {
      rule(check, item, `${pointer}/${at}`);
    });
  };
}

/** An object with these fields and no others, as Slack insists. */
export function object(required: Fields, optional: Fields = {}): Rule {
  return (check, value, pointer) => {
    if (!isObject(value)) return note(check, 'wrong_type', 'must be an object', pointer);
    for (const [name, rule] of Object.entries(required)) {
      if (value[name] === undefined || value[name] === null) {
        note(check, 'missing_field', `missing required field: ${name}`, pointer);
      } else rule(check, value[name], `${pointer}/${name}`);
    }
    for (const [name, rule] of Object.entries(optional)) {
      if (value[name] !== undefined && value[name] !== null) rule(check, value[name], `${pointer}/${name}`);
    }
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(required, name) || Object.hasOwn(optional, name)) continue;
      note(check, 'unknown_field', `invalid additional property: ${name}`, pointer);
    }
  };
}

/** Both rules. */
export function both(...rules: Rule[]): Rule {
  return (check, value, pointer) => {
    for (const rule of rules) rule(check, value, pointer);
  };
}

/** An object whose `type` chooses its rule. `what` names the kind in the message for unknown ones. */
export function byType(rules: Record<string, Rule>, allowed: readonly string[] = Object.keys(rules)): Rule {
  return (check, value, pointer) => {
    if (!isObject(value)) return note(check, 'wrong_type', 'must be an object', pointer);
    if (typeof value.type !== 'string') {
      return note(check, 'missing_field', 'missing required field: type', pointer);
    }
    const rule =
      allowed.includes(value.type) && Object.hasOwn(rules, value.type) ? rules[value.type] : undefined;
    if (rule === undefined) {
      return note(
        check,
        'not_allowed',
        `unsupported type: ${value.type}`,
        `${pointer}/type`,
        allowed.join(','),
      );
    }
    rule(check, value, pointer);
  };
}

/** Anything at all: for fields that only Slack itself can judge. */
export const anything: Rule = () => {};
