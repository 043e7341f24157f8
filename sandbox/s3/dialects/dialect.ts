import type { Bucket } from '../bucket.ts';
import type { Answer, Asked } from '../call.ts';
import type { Compat, FaultAction } from '../faults.ts';
import type { Policy } from '../rights/policy.ts';

/**
 * One habit in which a store differs from AWS, or in which AWS surprises. Each part may be missing. A habit sees only
 * requests whose signature is right.
 */
export interface Dialect {
  /** How operations work. */
  compat?: Partial<Compat>;
  /** A policy of the bucket. */
  policy?: Policy;
  /** Prepares a bucket that gets this habit. */
  prepare?(bucket: Bucket): Promise<void>;
  /**
   * Looks at a request before anything is done: throws an `S3Error` to refuse it, or returns what happens to it
   * instead. `nth` counts the bucket's requests since it got its habits, from 1.
   */
  meet?(asked: Asked, nth: number): FaultAction | undefined;
  /** The request as the store understands it. */
  hear?(asked: Asked): Asked;
  /** The answer as the store gives it. Errors are not changed. */
  tell?(answer: Answer, asked: Asked): Answer;
}

/** Does the request write an object or a part? */
export function writes({ operation }: Asked): boolean {
  return operation === 'PutObject' || operation === 'UploadPart';
}

/** Does a checksum come after the body? */
export function hasTrailer({ signature }: Asked): boolean {
  return signature.payload.endsWith('-TRAILER');
}

/** The names of the request's checksum headers: those that announce one, too. */
export function checksumHeaders({ headers }: Asked): string[] {
  return [...headers.keys()].filter((name) => /^x-amz-(sdk-)?checksum-(?!mode)/.test(name));
}

/** The request without some of its query parameters. */
export function withoutQuery(asked: Asked, ...names: string[]): Asked {
  return { ...asked, query: new Map([...asked.query].filter(([name]) => !names.includes(name))) };
}
