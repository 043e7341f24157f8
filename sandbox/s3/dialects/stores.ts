import type { Habit } from './index.ts';

/**
 * Stores, each by its habits as far as they are known: seen at the real server, told by the store's own docs, or
 * reported by users of it. See the single habits for the sources.
 */
export const STORES = {
  // Debian 11 and 12's Ceph (16.2.15, 18.2.7): seen.
  ceph: ['trailers-411', 'missing-hold-404', 'conditional-delete-ignored'],
  // Debian 12's Swift with s3api (2.30.1): seen.
  'swift-2.30': [
    'trailers-411',
    'conditions-ignored',
    'checksums-ignored',
    'cut-puts-kept',
    'object-lock-501',
    'conditional-delete-ignored',
  ],
  // Swift 2.38.1: seen.
  'swift-2.38': ['refused-puts-kept', 'object-lock-501', 'conditional-delete-ignored'],
  // Zenko CloudServer 8.8.35 with its memory backend: seen.
  cloudserver: [
    'trailers-411',
    'conditions-ignored',
    'checksums-ignored',
    'utf16-order',
    'conditional-delete-ignored',
  ],
  // rclone 1.6x `serve s3`: seen.
  gofakes3: [
    'trailers-411',
    'conditions-ignored',
    'checksums-ignored',
    'versions-404',
    'uploads-404',
    'object-lock-501',
    'conditional-delete-ignored',
  ],
  // Its docs: everything but the listing of uploads.
  minio: ['uploads-exact-key', 'conditional-delete-ignored'],
  // Its docs, "S3 API compatibility".
  r2: ['no-full-object', 'versions-501', 'object-lock-501', 'conditional-delete-ignored'],
  // Google Cloud Storage, S3 interoperability: reports.
  gcs: [
    'trailers-403',
    'checksum-headers-excess',
    'conditions-ignored',
    'object-lock-501',
    'conditional-delete-ignored',
  ],
  // Backblaze B2 since 2026, and in 2025: reports.
  b2: ['conditions-501'],
  'b2-2025': ['conditions-501', 'checksum-headers-400', 'trailers-501', 'checksum-mode-400'],
  // SeaweedFS before its fix, Talon: reports.
  'seaweedfs-old': ['trailers-403', 'conditional-delete-ignored'],
  // Oracle Cloud's S3 interface: reports.
  oracle: ['trailers-501', 'checksum-headers-400', 'conditional-delete-ignored'],
  // Storj's gateway: reports.
  storj: ['trailers-411', 'uploads-400', 'conditional-delete-ignored'],
  // AWS with least rights: one prefix, nothing deleted.
  'aws-one-prefix': ['head-bucket-403', 'list-needs-prefix', 'no-delete', 'lock-config-403'],
  // AWS with policies from its own docs.
  'aws-conditional': ['wants-if-none-match'],
  'aws-signed': ['no-unsigned-payload'],
} as const satisfies Record<string, readonly Habit[]>;
