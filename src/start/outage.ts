import { isDatabaseOutage } from '../catalog/db/outage.ts';
import { AwayError, ConfigError } from '../errors.ts';
import { StorageError } from '../storage/errors.ts';
import { isBucketOutage } from '../storage/outage.ts';
import { untrustedCertificate } from '../tls-trust.ts';

/**
 * True when something that the bot needs is away or busy, so that waiting helps. False when a person must change
 * something first, and for defects.
 */
export function isOutage(error: unknown): boolean {
  if (untrustedCertificate(error) !== null) return false;
  if (error instanceof ConfigError) return error instanceof AwayError;
  if (error instanceof StorageError) return isBucketOutage(error);
  return isDatabaseOutage(error);
}
