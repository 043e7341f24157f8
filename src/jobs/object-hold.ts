import { holdObject } from '../capture/object-hold.ts';
import {
  claimDueObjectHolds,
  nextObjectHoldDueAt,
  type ObjectHold,
} from '../catalog/governance/object-holds.ts';
import { legalHoldOf, setLegalHold } from '../storage/legal-hold.ts';
import type { Job, JobContext } from './job.ts';

const LEGAL_HOLDS_AT_ONCE = 4;

/** Makes legal holds in the bucket agree with the catalog's. Null if the bucket is not known to have Object Lock. */
export function objectHoldJob({ vault, owner, due }: JobContext): Job<ObjectHold> | null {
  const { catalog, bucket, objectLock, log, now } = vault;
  if (objectLock !== true) return null;
  const options = {
    ...{ catalog, owner, log, now },
    legalHoldOf: (version: Parameters<typeof legalHoldOf>[1]) => legalHoldOf(bucket, version),
    setLegalHold: (version: Parameters<typeof setLegalHold>[1], isOn: boolean) =>
      setLegalHold(bucket, version, isOn),
  };
  return {
    name: 'object hold',
    rows: 'objectHold',
    concurrency: LEGAL_HOLDS_AT_ONCE,
    claim: (limit) => claimDueObjectHolds(catalog, due(limit)),
    nextDueAt: () => nextObjectHoldDueAt(catalog),
    work: (row) => holdObject(options, row),
  };
}
