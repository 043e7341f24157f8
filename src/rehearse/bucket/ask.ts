import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { CheckFailed } from '../endings.ts';
import type { Sight } from '../sight.ts';
import { readXml } from './xml.ts';

type Command = Parameters<S3Client['send']>[0];

/** What the SDK made of an answer; null where the bucket refused. */
export interface Asked {
  sight: Sight;
  // biome-ignore lint/suspicious/noExplicitAny: the outputs of many commands
  output: any;
}

/** Sends one command and shows the answer as it came. Throws `CheckFailed` without an answer. */
export type Ask = (command: unknown) => Promise<Asked>;

/** Headers that say nothing about the object and differ from one request to the next. */
const PASSING = /^(date|connection|keep-alive|transfer-encoding|server|x-amz-id-2|vary|via|age|alt-svc)$/;
/** More than any answer that is not an object. */
const MOST_BYTES = 1024 * 1024;

interface Raw {
  statusCode: number;
  headers: Record<string, string>;
  body?: unknown;
}

/** Looks at each answer below the SDK, before it is read. One command at a time. */
export function createAsk(client: S3Client, signal: AbortSignal): Ask {
  let last: Sight | null = null;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const result = await next(call);
        const raw = result.response as Raw;
        const isBytes = commandName === 'GetObjectCommand' && raw.statusCode < 300;
        last = { status: raw.statusCode, headers: headersOf(raw.headers) };
        if (isBytes) return result;
        const text = await textOf(raw.body);
        raw.body = Readable.from([Buffer.from(text)]);
        last.body = text === '' ? '' : readXml(text);
        return result;
      },
    // Next to the wire: what it hands back is not read yet.
    { step: 'deserialize', priority: 'low', name: 'rehearsalLooks' },
  );
  return async (command) => {
    last = null;
    const sent = client.send(command as Command, { abortSignal: signal });
    const output = await sent.catch((error: Error) => {
      if (last !== null) return null;
      throw new CheckFailed('the bucket did not answer', { cause: error });
    });
    if (last === null) throw new CheckFailed('the bucket did not answer');
    return { sight: last, output };
  };
}

/** The headers of an answer by their names in lower case, without passing ones. */
function headersOf(headers: Record<string, string>): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return Object.fromEntries(named.filter(([name]) => !PASSING.test(name)));
}

async function textOf(body: unknown): Promise<string> {
  if (body === undefined || body === null) return '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new CheckFailed('the bucket answered with more than a megabyte of text');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString();
}
