import { isDatabaseOutage } from '../catalog/db/outage.ts';
import { connectionProblem } from '../connection-problem.ts';
import { AwayError, ConfigError } from '../errors.ts';
import { StorageError } from '../storage/errors.ts';
import { isBucketOutage } from '../storage/outage.ts';

/** A certificate that ran out is renewed by others, at any time. */
const RENEWED = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/**
 * True when something that the bot needs is away or busy, so that waiting helps. False when a person must change
 * something first, and for defects.
 */
export function isOutage(error: unknown): boolean {
  const problem = connectionProblem(error, { what: '', setting: '' });
  if (problem !== undefined) return problem.passing || RENEWED.has(problem.code);
  if (error instanceof ConfigError) return error instanceof AwayError;
  if (error instanceof StorageError) return isBucketOutage(error);
  return isDatabaseOutage(error);
}
