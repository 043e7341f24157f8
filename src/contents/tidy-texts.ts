import { fileById } from '../catalog/files/lookup.ts';
import type { FileRef } from '../catalog/model.ts';
import { wantedOf } from '../catalog/reading/wanted.ts';
import { removeIfAllowed } from '../storage/remove.ts';
import { searchedVersions } from './older-versions.ts';
import type { ReadOptions } from './read-options.ts';
import { removeTexts, textKeys } from './text-object.ts';

type TidyOptions = Pick<ReadOptions, 'catalog' | 'bucket' | 'byDefault'>;

/**
 * Removes the texts and pictures of bytes that are not kept any more, as far as the bucket lets go of them: those of versions that
 * went, or that are searched no more; all of a file that no channel wants to be read. With `anew`, also those of these bytes, if the file has them: they are made anew. Of a file that
 * is gone, all go. Whoever reads other bytes of the file meanwhile loses nothing: what is listed first is judged by what the catalog
 * says afterwards, and nobody writes a text before the catalog has its bytes. Throws `StorageError`, and the signal's reason.
 */
export async function tidyTexts(
  options: TidyOptions,
  ref: FileRef,
  { anew, signal }: { anew?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const { bucket } = options;
  const texts = await Array.fromAsync(textKeys(bucket, ref));
  if (texts.length === 0) return;
  const kept = await keptBytes(options, ref);
  if (kept === null) return removeTexts(bucket, ref);
  const { newest, older } = kept;
  for (const { key, sha256 } of texts) {
    const stays = sha256 === newest ? sha256 !== anew : older.has(sha256);
    if (stays) continue;
    signal?.throwIfAborted();
    await removeIfAllowed(bucket, key);
  }
}

/** Tidies once more if one of these older versions went meanwhile: while somebody has a file's row, that makes nothing due. */
export async function tidyAgain(options: TidyOptions, ref: FileRef, had: ReadonlySet<string>): Promise<void> {
  if (had.size === 0) return;
  const kept = await keptBytes(options, ref);
  const isGone = (sha256: string) => kept === null || (kept.newest !== sha256 && !kept.older.has(sha256));
  if ([...had].some(isGone)) await tidyTexts(options, ref);
}

/** The bytes of a file whose texts are kept, by their SHA-256; null when the file is gone. */
export async function keptBytes(
  { catalog, byDefault }: Pick<TidyOptions, 'catalog' | 'byDefault'>,
  ref: FileRef,
): Promise<{ newest: string | null; older: Set<string> } | null> {
  const file = await fileById(catalog, ref);
  if (file === undefined || file.state === 'purged') return null;
  if ((await wantedOf(catalog, ref, byDefault)) === 'no') return { newest: null, older: new Set() };
  const versions = await searchedVersions({ catalog }, file);
  return { newest: file.sha256, older: new Set(versions.map(({ sha256 }) => sha256)) };
}
