/** What went wrong with the bucket, in one word that programs can compare. */
export type StorageErrorCode =
  | 'bucket_missing'
  | 'bucket_name'
  | 'bucket_forbidden'
  | 'bucket_credentials'
  | 'bucket_region'
  | 'bucket_unreachable'
  | 'bucket_stalled'
  | 'bucket_busy'
  | 'bucket_race'
  | 'bucket_clock'
  | 'bucket_full'
  | 'bucket_refused'
  | 'bucket_unable'
  | 'bucket_not_s3'
  | 'bucket_proxy'
  | 'bucket_tls'
  | 'bucket_kms'
  | 'bucket_failed'
  | 'bucket_unordered'
  | 'prefix_invalid'
  | 'object_missing'
  | 'object_archived'
  | 'object_retained'
  | 'object_conflict'
  | 'object_damaged'
  | 'link_too_long'
  | 'hold_not_kept'
  | 'aborted';

/** The store's own words about a failure. */
export interface StoreDetails {
  /** Its name for the failure, such as `AccessDenied`. */
  name: string;
  status: number | null;
  message: string;
  /** What the store's support asks for. */
  requestId: string | null;
}

/** Where the bucket is, for the error's sentence. */
export interface BucketPlace {
  name: string;
  /** The custom endpoint's host, or null for AWS itself. */
  endpointHost: string | null;
  /** What settings ask for with each write, as far as a store may refuse it. */
  asked?: {
    kmsKeyId?: string | undefined;
    storageClass?: string | undefined;
    tags?: Record<string, string> | undefined;
    expectedOwner?: string | undefined;
  };
}
