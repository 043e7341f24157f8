import type { FileRow } from '../catalog/model.ts';
import { hintOf } from '../reading/hint.ts';
import { readDocument } from '../reading/read-document.ts';
import type { ReadDocument } from '../reading/reading.ts';
import { borrowed } from './borrowed.ts';
import type { ReadOptions } from './read-options.ts';

/**
 * Reads a file from the bucket; with `previews`, it gives a small picture of its first page, too, where one can be made. Throws
 * `ReadingError`, `StorageError`, `NoRoomError`, and the signal's reason.
 */
export async function readNow(
  { catalog, bucket, folder, ocr, previews = false }: ReadOptions,
  file: FileRow,
  signal: AbortSignal,
): Promise<ReadDocument> {
  const document = await borrowed(bucket, file, { folder, besideCatalog: catalog.kind === 'sqlite', signal });
  try {
    return await readDocument(document, hintOf(file), { signal, ocr, previews });
  } finally {
    await document.close();
  }
}
