/** The parts of an SDK error that matter here. Each may be missing. */
interface SdkError {
  name?: string;
  code?: string;
  message?: string;
  Code?: string;
  Region?: string;
  StorageClass?: string;
  RequestId?: string;
  HostId?: string;
  cause?: unknown;
  errors?: unknown[];
  $metadata?: { httpStatusCode?: number; requestId?: string; extendedRequestId?: string };
  $response?: { statusCode?: number; headers?: Record<string, string | undefined> };
}

/** What is known about one failure at the bucket. */
export interface Failure {
  /** S3's own name for it (`NoSuchKey`, `AccessDenied`, …) or Node's (`ECONNRESET`). */
  name: string;
  /** Node's code, where no answer came; may be empty. */
  code: string;
  /** Null when no answer came. */
  status: number | null;
  /** What the store, or Node, says about it. */
  message: string;
  headers: Record<string, string | undefined>;
  /** The store's name for the request, which its support asks for; null when there is none. */
  requestId: string | null;
  /** The region where the bucket is, if the store says so. */
  region: string | null;
  storageClass: string | null;
}

/** Longer messages are pages of programs in between. */
const MOST_WORDS = 300;

/** The HTTP status of an SDK error, or null when no answer came. */
export function statusOf(error: unknown): number | null {
  const { $metadata, $response } = (error ?? {}) as SdkError;
  return $metadata?.httpStatusCode ?? $response?.statusCode ?? null;
}

/** S3's own name for an error (`NoSuchKey`, `AccessDenied`, …) or Node's (`ECONNRESET`). */
export function nameOf(error: unknown): string {
  const { Code, code, name } = (error ?? {}) as SdkError;
  return Code ?? (name && name !== 'Error' ? name : code) ?? 'Error';
}

/** Reads what an error of the SDK, of `sendPut` or of Node says. */
export function failureOf(error: unknown): Failure {
  const {
    message = '',
    Region,
    StorageClass,
    RequestId,
    HostId,
    $metadata,
    $response,
  } = (error ?? {}) as SdkError;
  const headers = $response?.headers ?? {};
  const id = RequestId ?? $metadata?.requestId ?? headers['x-amz-request-id'] ?? null;
  const host = HostId ?? $metadata?.extendedRequestId ?? headers['x-amz-id-2'] ?? null;
  const named = /expecting '([a-z0-9-]+)'/.exec(message)?.[1];
  return {
    name: nameOf(error),
    code: nodeCodeOf(error),
    status: statusOf(error),
    message: inOneLine(message),
    headers,
    requestId: id === null ? null : host === null ? id : `${id} ${host}`,
    region: headers['x-amz-bucket-region'] ?? Region ?? named ?? null,
    storageClass: StorageClass ?? null,
  };
}

/** Where several addresses were tried, or an error wraps another one, Node's code is in the inner one. */
function nodeCodeOf(error: unknown, depth = 0): string {
  const { code, cause, errors = [] } = (error ?? {}) as SdkError;
  if (typeof code === 'string' && code !== '') return code;
  if (depth >= 3) return '';
  for (const inner of [...errors, cause]) {
    const found = inner === undefined ? '' : nodeCodeOf(inner, depth + 1);
    if (found !== '') return found;
  }
  return '';
}

function inOneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}
