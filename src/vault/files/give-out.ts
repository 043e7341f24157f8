import type { FileRow } from '../../catalog/model.ts';
import { readingOf } from '../../catalog/reading/rows.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { pictureOf } from '../../contents/text-object.ts';
import { downloadName } from '../../file-names.ts';
import { presignDownload, presignPreview } from '../../storage/presign.ts';
import type { Vault } from '../context.ts';
import { checked, requireChecked } from '../scan/gate.ts';
import { isRead } from './text-facts.ts';

/** A version of a file whose object is in the bucket. */
type Stored = FileRow & { objectKey: string };

/**
 * A link that downloads this version. Here, and in the two below, is the one door through which files leave the
 * vault: nothing else may make a link to a file (a test holds it). Call it after the rights. Throws `UserError` for what
 * the malware scanner does not let out, and `StorageError`.
 */
export async function downloadLink(
  vault: Vault,
  file: Stored,
  expiresSeconds: number,
): Promise<{ url: string; check: Checked | null }> {
  const check = await requireChecked(vault, file);
  const url = await presignDownload(vault.bucket, {
    key: file.objectKey,
    versionId: file.versionId,
    name: downloadName(file),
    contentType: file.storedType ?? file.mimetype,
    expiresSeconds,
  });
  return { url, check };
}

/** A link that shows this picture in Slack; null if the malware scanner does not let it out. Throws `StorageError`. */
export async function previewLink(
  vault: Vault,
  file: Stored,
  o: { contentType: string; expiresSeconds: number },
): Promise<string | null> {
  const check = await checked(vault, file);
  if (check !== null && !check.isGiven) return null;
  return presignPreview(vault.bucket, { key: file.objectKey, versionId: file.versionId, ...o });
}

/**
 * A link to the small picture that was made of a file's first page; null if there is none, or the malware scanner does not let the
 * file out. Throws `StorageError`.
 */
export async function firstPageLink(
  vault: Vault,
  file: Stored,
  expiresSeconds: number,
): Promise<string | null> {
  const row = await readingOf(vault.catalog, file);
  if (row === undefined || row.picture === null || row.sha256 !== (file.sha256 ?? '')) return null;
  if (!(await isRead(vault, file))) return null;
  const check = await checked(vault, file);
  if (check !== null && !check.isGiven) return null;
  return presignPreview(vault.bucket, { ...pictureOf(vault.bucket, row, row.picture), expiresSeconds });
}
