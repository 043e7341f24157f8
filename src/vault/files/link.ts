import { versionOf } from '../../catalog/files/versions.ts';
import { recordAudit } from '../../catalog/governance/audit.ts';
import type { FileRow } from '../../catalog/model.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { downloadName } from '../../file-names.ts';
import {
  archived,
  closedInBucket,
  goneFromBucket,
  noSuchVersion,
  nothingToDownload,
} from '../../refusals/files.ts';
import { safeName } from '../../storage/key.ts';
import { minutesOfLink } from '../../storage/link-check.ts';
import { type NotReadable, whyNotReadable } from '../../storage/readable.ts';
import { requireBucket, requireFile } from '../access.ts';
import type { Vault } from '../context.ts';
import { refusalOnCard } from './from-card.ts';
import { downloadLink } from './give-out.ts';

export interface GivenLink {
  file: FileRow;
  url: string;
  minutes: number;
  /** What the malware scanner said; null if there is none. */
  check: Checked | null;
}

const NOT_READABLE: Record<NotReadable, () => Error> = {
  archived,
  closed: closedInBucket,
  gone: goneFromBucket,
};

/**
 * Makes a link that downloads the newest version of a file, or the one with this number. Who gets it is written down
 * first. Throws `UserError`.
 */
export async function makeLink(
  vault: Vault,
  asked: { userId: string; channelId: string | null; fileId: string; version?: number | undefined },
): Promise<GivenLink> {
  const newest = await requireFile(vault, asked.userId, asked.fileId, 'see').catch(async (error: unknown) => {
    throw await refusalOnCard(vault, asked, error);
  });
  const file = await versionFor(vault, newest, asked.version);
  if (file.state !== 'stored' || file.objectKey === null) throw nothingToDownload();
  requireBucket(vault);
  const problem = await whyNotReadable(vault.bucket, { key: file.objectKey, versionId: file.versionId });
  if (problem !== null) throw NOT_READABLE[problem]();
  const minutes = await minutesOfLink(vault.bucket, vault.policy.linkMinutes, vault.now());
  const { objectKey } = file;
  const { url, check } = await downloadLink(vault, { ...file, objectKey }, minutes * 60);
  const older = file.version === newest.version ? {} : { version: file.version };
  await recordLink(vault, asked.userId, file, asked.channelId, { minutes, ...older });
  return { file, url, minutes, check };
}

/** The file in this version; the newest without a number. The number comes from a button, so it proves nothing. Throws `UserError`. */
export async function versionFor(
  vault: Pick<Vault, 'catalog'>,
  file: FileRow,
  number = file.version,
): Promise<FileRow> {
  if (number === file.version) return file;
  const version = await versionOf(vault.catalog, file, number);
  if (version === undefined) throw noSuchVersion();
  const { objectKey, versionId, storedBytes, sha256, storedAt, storedType } = version;
  const name = downloadName({ ...file, storedType });
  return {
    ...file,
    ...{ objectKey, versionId, storedBytes, sha256, storedAt, storedType, version: number },
    // On a person's disk, it must not have the same name as the newest version.
    name: safeName(name, undefined, ` (version ${number})`),
  };
}

/** Writes down who gets a link to a file; call it before they get it. */
export async function recordLink(
  vault: Vault,
  actorId: string,
  { teamId, fileId }: FileRow,
  channelId: string | null,
  detail: Record<string, unknown>,
  action: 'link' | 'preview' = 'link',
): Promise<void> {
  await recordAudit(vault.catalog, {
    at: vault.now(),
    teamId,
    actorId,
    action,
    fileId,
    channelId,
    detail,
  });
}
