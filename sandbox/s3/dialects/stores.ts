import type { Habit } from './index.ts';

/** Most stores do not read If-Match on a delete, which AWS has only since 2025-09. */
const OLD_DELETE = 'conditional-delete-ignored';
/** Stores that read neither checksums nor conditions. */
const PLAIN = ['conditions-ignored', 'checksums-ignored', OLD_DELETE] as const;

/**
 * Stores, each by its habits as far as they are known: seen at the real server, told by the store's own docs, or
 * reported by its users. See the single habits for the sources.
 */
export const STORES = {
  // Debian 11 and 12's Ceph (16.2.15, 18.2.7): seen.
  ceph: ['trailers-411', 'checksums-ignored', 'missing-hold-404', OLD_DELETE],
  // Debian 12's Swift with s3api (2.30.1): seen.
  'swift-2.30': ['trailers-411', ...PLAIN, 'cut-puts-kept', 'object-lock-501'],
  // Swift 2.38.1: seen.
  'swift-2.38': ['refused-puts-kept', 'object-lock-501', OLD_DELETE],
  // Zenko CloudServer 8.8.35 with its memory backend: seen.
  cloudserver: ['trailers-411', ...PLAIN, 'utf16-order'],
  // rclone's `serve s3`: seen.
  gofakes3: ['trailers-411', ...PLAIN, 'versions-404', 'uploads-404', 'object-lock-501'],
  // Its docs: everything but the listing of uploads.
  minio: ['uploads-exact-key', OLD_DELETE],
  // Its docs, "S3 API compatibility", and robinrodricks/FluentStorage, issue 166 (2026) for bodies in chunks.
  r2: ['trailers-501', 'no-full-object', 'versions-501', 'object-lock-501', OLD_DELETE],
  // Google Cloud Storage, S3 interoperability: reports.
  gcs: ['trailers-403', 'checksum-headers-excess', 'conditions-ignored', 'object-lock-501', OLD_DELETE],
  // Backblaze B2 since 2026, and in 2025: reports.
  b2: ['conditions-501'],
  'b2-2025': ['trailers-501', 'conditions-501', 'checksum-headers-400', 'checksum-mode-400'],
  // SeaweedFS before its fix, Talon: reports.
  'seaweedfs-old': ['trailers-403', OLD_DELETE],
  // Oracle Cloud's S3 interface: reports.
  oracle: ['trailers-501', 'checksum-headers-400', OLD_DELETE],
  // Storj's gateway: reports.
  storj: ['trailers-411', 'uploads-400', OLD_DELETE],
  // A small server that knows the least, with a proxy in front that is confused by what it does not know.
  least: ['trailers-hang', ...PLAIN, 'etags-unquoted', 'versions-501', 'uploads-405', 'encoding-ignored'],
  // AWS, with rights for one prefix only, and nothing may be deleted.
  'aws-one-prefix': ['list-needs-prefix', 'no-delete', 'lock-config-403'],
  // AWS, an archive's bucket.
  'aws-default-retention': ['default-retention'],
  // AWS, with policies from its own docs.
  'aws-conditional': ['wants-if-none-match'],
  'aws-kms': ['wants-kms'],
  'aws-signed': ['no-unsigned-payload'],
} as const satisfies Record<string, readonly Habit[]>;
