import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './call.ts';
import { type Pace, paced } from './connection.ts';
import { S3Error } from './errors.ts';
import { document } from './xml.ts';

/**
 * Header text goes out as its UTF-8 bytes, which Node wants as Latin-1. @throws S3Error `InvalidArgument`.
 */
function headerBytes(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a header
      if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
        throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
          elements: { ArgumentName: name },
        });
      }
      return [name, Buffer.from(value).toString('latin1')];
    }),
  );
}

/** By these, the owner of a store finds a request again: in headers of every answer, and in every error. */
export interface Ids {
  requestId: string;
  hostId: string;
}

export function newIds(): Ids {
  return {
    requestId: randomBytes(8).toString('hex').toUpperCase(),
    hostId: randomBytes(24).toString('base64'),
  };
}

/** The error document of S3. The resource is the path alone, never the query, which may hold a signature. */
export function errorAnswer(
  error: S3Error | { code: string; status: number },
  resource: string,
  { requestId, hostId }: Ids,
): Answer {
  const told = error instanceof S3Error ? error : null;
  if (error.status === 304) return { status: 304, headers: told?.headers };
  return {
    status: error.status,
    headers: told?.headers,
    body: document(
      'Error',
      {
        ...{ Code: error.code, Message: told?.message ?? error.code, ...told?.elements },
        ...{ Resource: resource, RequestId: requestId, HostId: hostId },
      },
      false,
    ),
  };
}

/**
 * Sends an answer. When the client still waits to be told to send its body, the connection ends with the
 * answer; if it is already sending, Node reads and drops the rest, so that the client sees the answer.
 */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  { bodyUnasked, pace }: { bodyUnasked: boolean; pace: Pace | null },
  { requestId, hostId }: Ids,
): Promise<void> {
  const { body } = answer;
  try {
    const headers: Record<string, string> = {
      server: 'vault-sandbox-s3',
      'x-amz-request-id': requestId,
      'x-amz-id-2': hostId,
      ...headerBytes(answer.headers ?? {}),
    };
    if (bodyUnasked) headers.connection = 'close';
    if (typeof body === 'string') {
      headers['content-type'] ??= 'application/xml';
      headers['content-length'] = String(Buffer.byteLength(body));
    } else if (answer.status !== 204 && answer.status !== 304) {
      headers['content-length'] ??= '0';
    }
    response.writeHead(answer.status, headers);
    if (request.method === 'HEAD' || body === undefined || typeof body === 'string') {
      response.end(request.method === 'HEAD' ? undefined : body);
    } else {
      await pipeline(pace ? Readable.from(paced(body, pace, request)) : body, response);
    }
  } finally {
    if (body instanceof Readable) body.destroy();
  }
}
