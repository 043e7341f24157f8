import { type BucketPlace, type StorageErrorCode, storageError } from './errors.ts';

/** Why a store does not give one object, in a few words for lists. */
const WHY: Partial<Record<StorageErrorCode, string>> = {
  object_archived: 'archived: restore it in the bucket first',
  bucket_kms: 'its encryption key may not be used',
  bucket_forbidden: 'these credentials may not read it',
};

/**
 * Why this one object cannot be read, where it is there and the next one may well be readable: it is in an archive
 * class, under another key of KMS, or closed by a policy. Null for any other failure, which is about more than it.
 */
export function whyUnreadable(error: unknown, place: BucketPlace): string | null {
  return WHY[storageError(error, place).code] ?? null;
}
