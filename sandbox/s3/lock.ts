import type { Bucket, Version } from './bucket.ts';
import { S3Error } from './errors.ts';

/**
 * Object Lock: Amazon S3 user guide, "Locking objects with Object Lock"; API reference of the operations named in
 * operations/locking.ts and operations/retention.ts.
 */
export type RetentionMode = 'GOVERNANCE' | 'COMPLIANCE';
export type LegalHold = 'ON' | 'OFF';

export interface Retention {
  mode: RetentionMode;
  /** Milliseconds since 1970. */
  until: number;
}

/** What a bucket gives to each new version that names no retention itself. */
export interface DefaultRetention {
  mode: RetentionMode;
  days?: number;
  years?: number;
}

/** Undefined parts were never set. */
export interface Lock {
  retention?: Retention;
  legalHold?: LegalHold;
}

const MODE = 'x-amz-object-lock-mode';
const UNTIL = 'x-amz-object-lock-retain-until-date';
const HOLD = 'x-amz-object-lock-legal-hold';
const DAY_MS = 24 * 3600 * 1000;

function invalid(message: string, name: string, value: string): S3Error {
  return new S3Error('InvalidArgument', message, { elements: { ArgumentName: name, ArgumentValue: value } });
}

/** @throws S3Error `InvalidArgument`. */
export function modeOf(value: string): RetentionMode {
  if (value === 'GOVERNANCE' || value === 'COMPLIANCE') return value;
  throw invalid('Unknown wormMode directive.', MODE, value);
}

/** A date in the future, as ISO 8601. @throws S3Error `InvalidArgument`. */
export function untilOf(value: string): number {
  const time = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time))
    throw invalid('The retain until date must be provided in ISO 8601 format', UNTIL, value);
  if (time <= Date.now()) throw invalid('The retain until date must be in the future!', UNTIL, value);
  return time;
}

/** The lock that the headers of a new object ask for. @throws S3Error `InvalidArgument`, `InvalidRequest`. */
export function lockAsked(headers: Map<string, string>, bucket: Bucket): Lock {
  const [mode, until, hold] = [headers.get(MODE), headers.get(UNTIL), headers.get(HOLD)];
  if (mode === undefined && until === undefined && hold === undefined) return {};
  if (!bucket.objectLock()) throw noLock();
  if ((mode === undefined) !== (until === undefined)) {
    throw invalid(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? UNTIL : MODE,
      mode ?? until ?? '',
    );
  }
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF') {
    throw invalid("Legal Hold must be either of 'ON' or 'OFF'", HOLD, hold);
  }
  return {
    ...(mode !== undefined && { retention: { mode: modeOf(mode), until: untilOf(until as string) } }),
    ...(hold !== undefined && { legalHold: hold }),
  };
}

/** The same, with the bucket's default retention from now on where the client asks for none. */
export function lockOf(asked: Lock, bucket: Bucket): Lock {
  const rule = bucket.defaultRetention();
  if (asked.retention || !rule) return asked;
  const until = new Date();
  until.setUTCFullYear(until.getUTCFullYear() + (rule.years ?? 0));
  return { ...asked, retention: { mode: rule.mode, until: until.getTime() + (rule.days ?? 0) * DAY_MS } };
}

/**
 * Bytes that are to be locked must come with a proof that they are right. `what` is `Object` or `Part`.
 * @throws S3Error `InvalidRequest`.
 */
export function needsDigest(
  headers: Map<string, string>,
  asked: Lock,
  bucket: Bucket,
  what: 'Object' | 'Part',
): void {
  if (!asked.retention && !asked.legalHold && !bucket.defaultRetention()) return;
  const proofs = [...headers.keys()].filter((name) =>
    /^(content-md5|x-amz-trailer)$|^x-amz-checksum-/.test(name),
  );
  if (proofs.length > 0) return;
  throw new S3Error(
    'InvalidRequest',
    `Content-MD5 OR x-amz-checksum- HTTP header is required for Put ${what} requests with Object Lock parameters`,
  );
}

/** May nobody remove this version now? `bypass`: the client may and wants to go around GOVERNANCE. */
export function isLocked({ retention, legalHold }: Version, bypass: boolean): boolean {
  if (legalHold === 'ON') return true;
  if (!retention || retention.until <= Date.now()) return false;
  return retention.mode === 'COMPLIANCE' || !bypass;
}

/** Does the client ask to go around GOVERNANCE? This server's one account always may. */
export function bypasses(headers: Map<string, string>): boolean {
  return headers.get('x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
}

export function locked(): S3Error {
  return new S3Error('AccessDenied', 'Access Denied because object protected by object lock.');
}

export function noLock(): S3Error {
  return new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

/** The lock as headers of GetObject and HeadObject. */
export function lockHeaders({ retention, legalHold }: Lock): Record<string, string> {
  return {
    ...(retention && { [MODE]: retention.mode, [UNTIL]: new Date(retention.until).toISOString() }),
    ...(legalHold && { [HOLD]: legalHold }),
  };
}
