import type { Asked } from '../call.ts';
import { S3Error } from '../errors.ts';
import type { FaultAction } from '../faults.ts';
import { checksumHeaders, type Dialect, hasTrailer, writes } from './dialect.ts';

const CONDITIONS = ['if-none-match', 'if-match'];

/** Refuses, in the way given, every body with a trailer. */
function trailers(refuse: () => FaultAction | undefined): Dialect {
  return { meet: (asked) => (writes(asked) && hasTrailer(asked) ? refuse() : undefined) };
}

/** Refuses every header with a checksum, or that announces one. */
function noChecksumHeaders(refuse: (header: string, asked: Asked) => S3Error): Dialect {
  return {
    meet(asked) {
      const [header] = checksumHeaders(asked);
      if (header !== undefined) throw refuse(header, asked);
      return undefined;
    },
  };
}

/** An odd type: RFC 9110 (8.3.1) allows it, or a program has sent it all the same; some servers do not take it. */
const PLAIN_TYPE = /^[a-z]+\/[\w.+-]+(; ?charset=[\w-]+)?$/i;

/** Habits of stores when something is written. */
export const WRITES = {
  // Backblaze B2: sathinduga/obsidian-s3-sync-and-backup, issue 78 (2026): every write with a condition is refused.
  'conditions-501': {
    meet(asked) {
      const header = CONDITIONS.find((name) => asked.headers.has(name));
      if (header === undefined || !/^(Put|Complete|Copy|DeleteObject)/.test(asked.operation))
        return undefined;
      throw new S3Error(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented.',
      );
    },
  },
  // Seen with Swift 2.30's s3api, gofakes3 and CloudServer 8.8: the header is not read.
  'conditions-ignored': { compat: { noConditional: true } },
  // Amazon S3 user guide, "conditional deletes": only since 2025-09; older and other stores do not read the header.
  'conditional-delete-ignored': {
    hear: (asked) => (asked.operation === 'DeleteObject' ? withoutIfMatch(asked) : asked),
  },
  // Amazon S3 API reference, "Object": with SSE-KMS or SSE-C, an ETag is no MD5.
  'etags-not-md5': { compat: { opaqueEtags: true } },
  // Seen with a gateway in front of files: HTTP wants the quotes (RFC 9110, 8.8.3), many clients do not.
  'etags-unquoted': {
    tell(answer) {
      const { headers = {}, body } = answer;
      return {
        ...answer,
        headers: headers.etag ? { ...headers, etag: headers.etag.replaceAll('"', '') } : headers,
        ...(typeof body === 'string' && {
          body: body.replace(/<ETag>&quot;(.*?)&quot;<\/ETag>/g, '<ETag>$1</ETag>'),
        }),
      };
    },
  },
  // Ceph 16: see `Compat`.
  'trailers-411': { compat: { noTrailers: true } },
  // Google Cloud Storage's interoperability, SeaweedFS before its fix: the signature of such a body is not understood.
  'trailers-403': trailers(() => {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }),
  // A server that fails on what it does not know.
  'trailers-500': trailers(() => ({ status: 500, code: 'InternalError' })),
  // Oracle Cloud's interface and others: aws-chunked is not implemented.
  'trailers-501': trailers(() => ({ status: 501, code: 'NotImplemented' })),
  // A proxy on the way that does not know the form, and cuts the connection.
  'trailers-reset': trailers(() => ({ resetAfterBytes: 1 })),
  // The same, but it waits for more.
  'trailers-hang': trailers(() => ({ stall: true })),
  // Stores that know no aws-chunked at all: the frame becomes part of the object (aws-sdk issues since 2025-01).
  'frames-kept': { compat: { keepsFrames: true } },
  // Older MinIO and others: `aws-chunked` stays as the object's encoding.
  'encoding-kept': { compat: { keepsEncoding: true } },
  // gofakes3, CloudServer 8.8: checksum headers are not read.
  'checksums-ignored': { compat: { noChecksums: true } },
  // A store may verify a checksum and not tell it.
  'checksums-not-echoed': {
    tell(answer, asked) {
      if (!writes(asked)) return answer;
      const kept = Object.entries(answer.headers ?? {}).filter(
        ([name]) => !name.startsWith('x-amz-checksum-'),
      );
      return { ...answer, headers: Object.fromEntries(kept) };
    },
  },
  // Google Cloud Storage's interoperability: milvus-io/milvus-storage, pull request 480 (2026).
  'checksum-headers-excess': noChecksumHeaders(
    (header) =>
      new S3Error({ code: 'ExcessHeaderValues', status: 400 }, 'Multiple headers of the same kind.', {
        elements: { Details: header },
      }),
  ),
  // Backblaze B2 until 2026: diced/zipline, issue 746. Oracle's interface answers 400 as well.
  'checksum-headers-400': noChecksumHeaders(
    (header) => new S3Error('InvalidArgument', `Unsupported header '${header}' received for this API call.`),
  ),
  // Cloudflare's docs, "S3 API compatibility, checksum types": CRC-32 of parts only as COMPOSITE.
  'no-full-object': {
    meet(asked) {
      if (asked.headers.get('x-amz-checksum-type')?.toUpperCase() !== 'FULL_OBJECT') return undefined;
      throw new S3Error(
        'NotImplemented',
        "Header 'x-amz-checksum-type' with value 'FULL_OBJECT' not implemented",
      );
    },
  },
  // Servers that examine the type of every body before anything else (RFC 9110, 15.5.16).
  'odd-types-415': {
    meet(asked) {
      const type = asked.headers.get('content-type');
      if (asked.operation !== 'PutObject' || type === undefined || PLAIN_TYPE.test(type)) return undefined;
      throw new S3Error({ code: 'UnsupportedMediaType', status: 415 }, `The type ${type} is not supported.`);
    },
  },
  // Seen with Swift 2.30.1, s3api, in a bucket with versions.
  'cut-puts-kept': { compat: { keepsCutPuts: true } },
  // Seen with Swift 2.38.1: the version is written first, then the link to it is refused.
  'refused-puts-kept': { compat: { keepsRefusedPuts: true } },
} as const satisfies Record<string, Dialect>;

function withoutIfMatch(asked: Asked): Asked {
  return { ...asked, headers: new Map([...asked.headers].filter(([name]) => name !== 'if-match')) };
}
