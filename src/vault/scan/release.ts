import type { FileRow } from '../../catalog/model.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { releaseScan, scanAgain } from '../../catalog/scan/rows.ts';
import {
  changedMeanwhile,
  nothingToRelease,
  releasedByAdminsOnly,
  releaseNeedsReason,
} from '../../refusals/scan.ts';
import { requireFileToKnow } from '../access.ts';
import type { Vault } from '../context.ts';
import { versionFor } from '../files/link.ts';
import { checked } from './gate.ts';

/** The longest reason, in characters. */
const REASON = 300;

/** A version of a file, and who asks; without a number, the newest. Comes from a button, so it proves nothing. */
export interface AskedVersion {
  userId: string;
  fileId: string;
  version?: number | undefined;
}

/**
 * The version that an admin wants to release, and what the scanner said. They must be able to see the file, or oversee the
 * vault. Throws `UserError`.
 */
export async function releasableFile(
  vault: Vault,
  { userId, fileId, version }: AskedVersion,
): Promise<{ file: FileRow; check: Checked }> {
  const { file: newest } = await requireFileToKnow(vault, userId, fileId);
  if (!(await vault.rights.isAdmin(userId))) throw releasedByAdminsOnly();
  const file = await versionFor(vault, newest, version);
  const check = file.state === 'stored' ? await checked(vault, file) : null;
  if (check === null || check.release !== null || (check.state !== 'infected' && check.state !== 'unscanned'))
    throw nothingToRelease();
  return { file, check };
}

/** What an admin decides about: these bytes, and what the scanner said of them. */
export function sightOf(file: FileRow, check: Checked): string {
  return JSON.stringify([file.version, file.sha256, foundIn(check)]);
}

const foundIn = ({ signature, reason }: Checked) => signature ?? reason;

/**
 * Gives a version of a file free, with a reason; audited. `seen` is what the admin looked at ({@link sightOf}):
 * a newer version, or something else that was found meanwhile, is not given free. Throws `UserError`.
 */
export async function releaseFile(
  vault: Vault,
  asked: AskedVersion & { seen: string; reason: string },
): Promise<FileRow> {
  const reason = asked.reason.trim().slice(0, REASON);
  if (reason === '') throw releaseNeedsReason();
  const { file, check } = await releasableFile(vault, asked);
  if (sightOf(file, check) !== asked.seen) throw changedMeanwhile();
  const isReleased = await releaseScan(vault.catalog, file, {
    ...{ actorId: asked.userId, reason, found: foundIn(check) },
    now: vault.now(),
  });
  if (!isReleased) throw nothingToRelease();
  vault.wake('journal', 'home');
  return file;
}

/** Has a version of a file scanned again, as with other settings of the scanner. Throws `UserError`. */
export async function checkAgain(vault: Vault, asked: AskedVersion): Promise<FileRow> {
  const { file } = await releasableFile(vault, asked);
  await scanAgain(vault.catalog, file);
  vault.wake();
  return file;
}
