import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { serve } from './serve.ts';

/**
 * The process that stands for the bucket: takes what a client of S3 sends, throws the bytes away and remembers their
 * number. It checks only the CRC32 of single-request bodies, because a bot's start tests that a wrong one is refused:
 * so it costs the machine little. The tests check that what is stored is right.
 * `BENCH_RATE` limits each request to so many bytes a second. Started by `startSink`.
 */
const RATE = Number(process.env.BENCH_RATE ?? Number.POSITIVE_INFINITY);

/** The objects' sizes in bytes, by key. */
const objects = new Map<string, number>();
/** Bytes of the parts that have come, by upload. */
const uploads = new Map<string, number>();
let requests: Record<string, number> = {};
let bytes = 0;
/** Objects that were sent although their key was taken. */
let again = 0;
/** When the first byte of a body came, in ns of the machine's steady clock, by key. */
let firstBytes: Record<string, string> = {};

const BAD_DIGEST = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>BadDigest</Code></Error>';

serve((request, response) => void answer(request, response).catch(() => response.destroy()), {
  counts: () => ({ requests, bytes, firstBytes, again }),
  objects: () => [...objects.keys()],
  forget() {
    objects.clear();
    [requests, bytes, firstBytes, again] = [{}, 0, {}, 0];
  },
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sink');
  const key = url.pathname;
  const kind = kindOf(request.method ?? '', key, url.searchParams);
  requests[kind] = (requests[kind] ?? 0) + 1;
  const { sent, intact } = await drain(request, key);
  const upload = url.searchParams.get('uploadId') ?? '';
  const reply = (status: number, headers: Record<string, string | number> = {}, body = '') => {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };
  if (!intact) return reply(400, { 'content-type': 'application/xml' }, BAD_DIGEST);
  switch (kind) {
    case 'HeadBucket':
      return reply(200);
    case 'PutObject':
      if (objects.has(key)) again += 1;
      if (request.headers['if-none-match'] === '*' && objects.has(key)) return reply(412);
      objects.set(key, sent);
      return reply(200, { etag: '"sink"' });
    case 'CreateMultipartUpload': {
      const id = randomUUID();
      uploads.set(id, 0);
      return xml(reply, 'InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
    }
    case 'UploadPart':
      uploads.set(upload, (uploads.get(upload) ?? 0) + sent);
      return reply(200, { etag: '"part"' });
    case 'CompleteMultipartUpload':
      objects.set(key, uploads.get(upload) ?? 0);
      uploads.delete(upload);
      return xml(reply, 'CompleteMultipartUploadResult', '<ETag>"sink-1"</ETag>');
    case 'HeadObject': {
      const size = objects.get(key);
      if (size === undefined) return reply(404);
      response.writeHead(200, { 'content-length': size, etag: '"sink"' });
      return void response.end();
    }
    case 'ListMultipartUploads':
      return xml(reply, 'ListMultipartUploadsResult', '<IsTruncated>false</IsTruncated>');
    case 'DeleteObject':
      objects.delete(key);
      return reply(204);
    default:
      return xml(reply, 'ListBucketResult', '<IsTruncated>false</IsTruncated><KeyCount>0</KeyCount>');
  }
}

function kindOf(method: string, path: string, query: URLSearchParams): string {
  // Addresses have the bucket's name first, so one part alone is the bucket itself.
  if (method === 'HEAD' && path.split('/').filter(Boolean).length === 1) return 'HeadBucket';
  if (method === 'PUT') return query.has('partNumber') ? 'UploadPart' : 'PutObject';
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
  if (method === 'GET' && query.has('uploads')) return 'ListMultipartUploads';
  return { HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ?? 'List';
}

interface Body {
  /** How many bytes the client means it to be. */
  sent: number;
  /** False if they do not match the checksum that came before them. */
  intact: boolean;
}

/** Reads a body at no more than the rate. */
function drain(request: IncomingMessage, key: string): Promise<Body> {
  const told = request.headers['x-amz-checksum-crc32'];
  let sum = 0;
  let came = 0;
  const began = performance.now();
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      if (came === 0) firstBytes[key] ??= String(process.hrtime.bigint());
      came += chunk.length;
      bytes += chunk.length;
      if (told !== undefined) sum = crc32(chunk, sum);
      const ahead = (came / RATE) * 1_000 - (performance.now() - began);
      if (ahead < 20) return;
      request.pause();
      setTimeout(() => request.resume(), ahead);
    });
    request.on('end', () => {
      const sent = Number(request.headers['x-amz-decoded-content-length'] ?? came);
      resolve({ sent, intact: told === undefined || told === base64(sum) });
    });
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}

/** A CRC32 as S3 writes it: its four bytes in base64. */
function base64(sum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString('base64');
}

type Reply = (status: number, headers: Record<string, string>, body: string) => void;

function xml(reply: Reply, name: string, inside: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><${name}>${inside}</${name}>`;
  reply(200, { 'content-type': 'application/xml' }, body);
}
