/** A statement of a policy (IAM user guide, "IAM JSON policy elements reference"), as far as it is needed here. */
export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  /** Everybody is this server's one account, so it is not compared. */
  Principal?: unknown;
  Action: string | readonly string[];
  Resource: string | readonly string[];
  /** Operator → condition key → values. */
  Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
  Version?: string;
  Statement: Statement | readonly Statement[];
}

/** One right that a request needs. */
export interface Need {
  /** `s3:PutObject`, … */
  action: string;
  /** The ARN of the bucket or the object. */
  resource: string;
  /** Condition keys in lower case, with their values. */
  keys: ReadonlyMap<string, string>;
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

/** `*` is any text, `?` is any character. */
function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '[\\s\\S]*')
    .replaceAll('?', '[\\s\\S]');
  return new RegExp(`^${source}$`, 'u').test(text);
}

type Test = (value: string, wanted: readonly string[]) => boolean;

const TESTS: Record<string, Test> = {
  StringEquals: (value, wanted) => wanted.includes(value),
  StringEqualsIgnoreCase: (value, wanted) =>
    wanted.some((each) => each.toLowerCase() === value.toLowerCase()),
  StringLike: (value, wanted) => wanted.some((each) => isLike(each, value)),
  Bool: (value, wanted) => wanted.some((each) => each.toLowerCase() === value.toLowerCase()),
  NumericLessThanEquals: (value, wanted) => wanted.some((each) => Number(value) <= Number(each)),
};
/** Each is true where the other is not, and also when the request has no such key. */
const NEGATED: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
};

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(value === undefined));
  const name = operator.replace(/IfExists$/, '');
  if (value === undefined && name !== operator) return true;
  const negated = NEGATED[name];
  const test = TESTS[negated ?? name];
  if (!test) throw new Error(`The sandbox's S3 does not know the condition operator ${operator}.`);
  return negated ? value === undefined || !test(value, wanted) : value !== undefined && test(value, wanted);
}

function matches({ Action, Resource, Condition = {} }: Statement, need: Need): boolean {
  return (
    listOf(Action).some((each) => isLike(each.toLowerCase(), need.action.toLowerCase())) &&
    listOf(Resource).some((each) => isLike(each, need.resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        holds(operator, need.keys.get(key.toLowerCase()), listOf(wanted)),
      ),
    )
  );
}

/** What a policy says about a need: a Deny wins; null when it says nothing. @throws Error for an unknown operator. */
export function effectOf({ Statement }: Policy, need: Need): 'Allow' | 'Deny' | null {
  const found = listOf(Statement).filter((statement) => matches(statement, need));
  if (found.some(({ Effect }) => Effect === 'Deny')) return 'Deny';
  return found.length > 0 ? 'Allow' : null;
}
