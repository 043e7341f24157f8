/**
 * S3's error codes that this server uses, each with its HTTP status (Amazon S3 API reference, "Error
 * responses").
 */
const STATUS = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BadRequest: 400,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  ConditionalRequestConflict: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidBucketOwnerAWSAccountID: 400,
  InvalidBucketState: 409,
  InvalidChunkSizeError: 403,
  InvalidDigest: 400,
  InvalidObjectState: 403,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidStorageClass: 400,
  InvalidTag: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  'KMS.NotFoundException': 400,
  KeyTooLongError: 400,
  MalformedTrailerError: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchObjectLockConfiguration: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  NotModified: 304,
  ObjectLockConfigurationNotFoundError: 404,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  RequestTimeout: 400,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  TemporaryRedirect: 307,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3ErrorCode = keyof typeof STATUS;

export interface S3ErrorDetail {
  /** Further elements of the error document, e.g. `Condition` or `ServerTime`. */
  elements?: Record<string, string>;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An error that the client is told about, in S3's own words. */
export class S3Error extends Error {
  readonly code: string;
  readonly status: number;
  readonly elements: Record<string, string>;
  readonly headers: Record<string, string>;

  /** Other stores have codes and statuses of their own: they are given as both. */
  constructor(
    code: S3ErrorCode | { code: string; status: number },
    message: string,
    detail: S3ErrorDetail = {},
  ) {
    super(message, { cause: detail.cause });
    this.name = 'S3Error';
    this.code = typeof code === 'string' ? code : code.code;
    this.status = typeof code === 'string' ? STATUS[code] : code.status;
    this.elements = detail.elements ?? {};
    this.headers = detail.headers ?? {};
  }
}
