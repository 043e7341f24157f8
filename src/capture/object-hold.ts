import { fileById } from '../catalog/capture.ts';
import { isHeld } from '../catalog/govern/holds.ts';
import { deferObjectHold, LEGAL_HOLD, markOurs, objectHoldDone } from '../catalog/govern/object-holds.ts';
import type { Catalog } from '../catalog/open.ts';
import type { Schema } from '../catalog/tables/schema.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { backOff } from './back-off.ts';

interface Version {
  key: string;
  versionId: string | null;
}

export interface ObjectHoldOptions {
  catalog: Catalog;
  owner: string;
  /** Whether an object is under a legal hold already; null when it is not there. */
  legalHoldOf(version: Version): Promise<boolean | null>;
  setLegalHold(version: Version, isOn: boolean): Promise<void>;
  log: Log;
  now(): number;
}

type Row = Omit<Schema['objectHold'], 'id' | 'attempts'> & { id: number; attempts: number };

/**
 * Brings the legal hold of one object in line with the holds on its file. A legal hold that was there before is left
 * alone, now and later. The catalog's own word keeps the file in any case; this is the bucket's, for those who come
 * past the vault.
 */
export async function holdObject(options: ObjectHoldOptions, row: Row): Promise<void> {
  const { catalog, owner, log, now } = options;
  try {
    const file = await fileById(catalog, row);
    if (file?.state === 'storing') {
      await deferObjectHold(catalog, row, owner, now() + backOff(row.attempts));
      return;
    }
    const hasObject = file?.state === 'stored' || file?.state === 'trashed';
    const version =
      hasObject && file.objectKey !== null ? { key: file.objectKey, versionId: file.versionId } : null;
    const applied = version === null ? LEGAL_HOLD.none : await apply(options, row, version);
    await objectHoldDone(catalog, row, owner, { applied, now: now() });
  } catch (error) {
    const code = errorCode(error);
    log.warn(
      { code, file: row.fileId, err: error },
      'a legal hold could not be set or taken off; again later',
    );
    await deferObjectHold(catalog, row, owner, now() + backOff(row.attempts));
  }
}

async function apply(
  { catalog, owner, legalHoldOf, setLegalHold }: ObjectHoldOptions,
  row: Row,
  version: Version,
): Promise<number> {
  if (row.applied === LEGAL_HOLD.theirs) return LEGAL_HOLD.theirs;
  if (!(await isHeld(catalog, row))) {
    if (row.applied === LEGAL_HOLD.ours) await setLegalHold(version, false);
    return LEGAL_HOLD.none;
  }
  // After an attempt that died, nobody knows how far it came.
  if (row.applied === LEGAL_HOLD.ours && row.attempts <= 1) return LEGAL_HOLD.ours;
  const isOn = await legalHoldOf(version);
  if (isOn === null) return LEGAL_HOLD.none;
  if (isOn) return row.applied === LEGAL_HOLD.ours ? LEGAL_HOLD.ours : LEGAL_HOLD.theirs;
  if (await markOurs(catalog, row, owner)) await setLegalHold(version, true);
  return LEGAL_HOLD.ours;
}
