import { readDocument } from '../body.ts';
import type { Answer, Call } from '../call.ts';
import { S3Error } from '../errors.ts';
import { bypasses, locked, modeOf, type Retention, untilOf } from '../lock.ts';
import { document, parseDocument } from '../xml.ts';
import { withLock } from './locking.ts';
import { findVersion } from './reading.ts';

export async function getObjectRetention(call: Call): Promise<Answer> {
  withLock(call);
  const { retention } = findVersion(call);
  if (!retention) {
    throw new S3Error(
      'NoSuchObjectLockConfiguration',
      'The specified object does not have a ObjectLock configuration',
    );
  }
  const { mode, until } = retention;
  return {
    status: 200,
    body: document('Retention', { Mode: mode, RetainUntilDate: new Date(until).toISOString() }),
  };
}

export async function putObjectRetention(call: Call): Promise<Answer> {
  const bucket = withLock(call);
  const version = findVersion(call);
  const asked = parseDocument(await readDocument(call.body()), 'Retention');
  const [mode, until] = [asked.text('Mode'), asked.text('RetainUntilDate')];
  if ((mode === undefined) !== (until === undefined))
    throw new S3Error('MalformedXML', 'The XML you provided did not validate against our published schema');
  const next = mode !== undefined ? { mode: modeOf(mode), until: untilOf(until as string) } : undefined;
  if (weakens(version.retention, next) && !mayWeaken(version.retention, bypasses(call.headers)))
    throw locked();
  await bucket.amend(call.key, version.id, { retention: next });
  return { status: 200 };
}

function weakens(now: Retention | undefined, next: Retention | undefined): boolean {
  if (!now || now.until <= Date.now()) return false;
  return !next || next.until < now.until || (now.mode === 'COMPLIANCE' && next.mode === 'GOVERNANCE');
}

function mayWeaken(now: Retention | undefined, bypass: boolean): boolean {
  return now?.mode === 'GOVERNANCE' && bypass;
}
