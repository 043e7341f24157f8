/** Reading requests and writing answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import busboy from 'busboy';
import type { Json } from './types.ts';

/** The largest size of a form or a JSON body; files come another way. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Writes a JSON answer. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

/** Writes a short text answer. */
export function sendText(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': String(Buffer.byteLength(text)),
  });
  response.end(text);
}

/** Reads a small body whole. Throws when it is larger than eight MiB. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The arguments of a Web API call, and whether they came as JSON. */
export interface Fields {
  values: Json;
  json: boolean;
}

/** Reads the arguments of a Web API call: query, form, multipart form or JSON. `undefined`: not readable. */
export async function readFields(request: IncomingMessage): Promise<Fields | undefined> {
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    return { values: { ...query, ...(await readMultipart(request)) }, json: false };
  }
  const text = await readText(request);
  if (!type.startsWith('application/json')) {
    return { values: { ...query, ...Object.fromEntries(new URLSearchParams(text)) }, json: false };
  }
  try {
    const body = text === '' ? {} : JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    return { values: { ...query, ...body }, json: true };
  } catch {
    return undefined;
  }
}

function readMultipart(request: IncomingMessage): Promise<Json> {
  return new Promise((resolve, reject) => {
    const fields: Json = {};
    const parser = busboy({ headers: request.headers, limits: { fieldSize: MOST_BYTES } });
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('file', (_name, stream) => stream.resume());
    parser.on('error', reject);
    parser.on('close', () => resolve(fields));
    request.pipe(parser);
  });
}
