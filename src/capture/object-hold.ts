import type { Catalog } from '../catalog/db/open.ts';
import type { Schema } from '../catalog/db/schema.ts';
import { fileById } from '../catalog/files/lookup.ts';
import { olderVersions, type VersionRecord } from '../catalog/files/versions.ts';
import { isHeld } from '../catalog/governance/holds.ts';
import {
  deferObjectHold,
  LEGAL_HOLD,
  markOurs,
  markVersionOurs,
  objectHoldDone,
  versionHoldDone,
} from '../catalog/governance/object-holds.ts';
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
  /** Whether an object has a legal hold already; null when there is no such object. */
  legalHoldOf(version: Version): Promise<boolean | null>;
  /** Sets or removes it, and makes sure that the bucket has it so. False when there is no such object. */
  setLegalHold(version: Version, isOn: boolean): Promise<boolean>;
  log: Log;
  now(): number;
}

type Row = Omit<Schema['objectHold'], 'id' | 'attempts'> & { id: number; attempts: number };

/** An object whose legal hold is checked: who set the hold, as far as known, and how to record that the vault did. */
interface Held {
  version: Version;
  applied: number;
  markOurs(): Promise<boolean>;
}

/**
 * Sets or removes the legal holds on all objects (versions) of one file, to match the holds on that file. A legal hold
 * that was there before is never changed. The catalog keeps the file in any case. The legal hold in the bucket stops
 * those who do not come through the vault.
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
    const isOn = await isHeld(catalog, row);
    // The row stays while any object is held: it records that the vault set the hold and may have to remove it.
    if (file?.state !== 'purged')
      for (const older of await olderVersions(catalog, row)) await applyToOlder(options, row, older, isOn);
    const held =
      version === null
        ? null
        : { version, applied: row.applied, markOurs: () => markOurs(catalog, row, owner, version.key) };
    const applied = held === null ? LEGAL_HOLD.none : await apply(options, row, held, isOn);
    await objectHoldDone(catalog, row, owner, { applied, key: version?.key ?? null, now: now() });
  } catch (error) {
    const code = errorCode(error);
    log.warn(
      { code, file: row.fileId, err: error },
      'a legal hold could not be set or taken off; again later',
    );
    await deferObjectHold(catalog, row, owner, now() + backOff(row.attempts));
  }
}

async function applyToOlder(
  options: ObjectHoldOptions,
  row: Row,
  older: VersionRecord,
  isOn: boolean,
): Promise<void> {
  const { catalog } = options;
  // A rebuilt catalog may not know that the vault set this hold. Then the row tells it.
  const wasHeld = !isOn && row.applied === LEGAL_HOLD.ours && older.holdApplied === LEGAL_HOLD.none;
  const held = {
    version: { key: older.objectKey, versionId: older.versionId },
    applied: wasHeld ? LEGAL_HOLD.ours : older.holdApplied,
    markOurs: () => markVersionOurs(catalog, older),
  };
  const applied = await apply(options, row, held, isOn);
  await versionHoldDone(catalog, older, applied);
}

async function apply(
  { legalHoldOf, setLegalHold }: ObjectHoldOptions,
  row: Row,
  { version, applied, markOurs: mark }: Held,
  isHeldNow: boolean,
): Promise<number> {
  if (applied === LEGAL_HOLD.theirs) return LEGAL_HOLD.theirs;
  if (!isHeldNow) {
    if (applied === LEGAL_HOLD.ours) await setLegalHold(version, false);
    return LEGAL_HOLD.none;
  }
  // After an attempt that died, it is not known how far it came.
  if (applied === LEGAL_HOLD.ours && row.attempts <= 1) return LEGAL_HOLD.ours;
  const isOn = await legalHoldOf(version);
  if (isOn === null) return LEGAL_HOLD.none;
  if (isOn) return applied === LEGAL_HOLD.ours ? LEGAL_HOLD.ours : LEGAL_HOLD.theirs;
  if (!(await mark()))
    throw Object.assign(new Error('The file has another newest version by now.'), { code: 'moved_on' });
  return (await setLegalHold(version, true)) ? LEGAL_HOLD.ours : LEGAL_HOLD.none;
}
