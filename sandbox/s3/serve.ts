import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorAnswer, newIds, sendAnswer } from './answer.ts';
import { receiveBody } from './body.ts';
import type { Answer, Asked, Call } from './call.ts';
import { bodyOf, cut, type Pace, paced, pause, untilClosed } from './connection.ts';
import type { Dialects, Spoken } from './dialects/spoken.ts';
import { S3Error } from './errors.ts';
import type { FaultAction, S3Faults } from './faults.ts';
import type { LoggedRequest } from './log.ts';
import { HANDLERS } from './operations/index.ts';
import { checkOwner } from './rights/owner.ts';
import { routeOf } from './route.ts';
import { type Credentials, verifySignature } from './sigv4.ts';
import type { Store } from './store.ts';
import type { Upload } from './uploads.ts';
import { address, readWire, type Wire } from './wire.ts';

/** What is needed to serve a request. */
export interface Context {
  store: Store;
  region: string;
  credentials: Credentials;
  faults: S3Faults;
  dialects: Dialects;
  /** How long a body may send nothing, in milliseconds. */
  idleMs: number;
  record(request: LoggedRequest): void;
}

/**
 * Takes one request from the wire to its answer; never rejects. With `expectsContinue` the client sends its
 * body only once the operation begins to read it, so an earlier refusal costs no body.
 */
export async function serve(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  const { faults } = context;
  if (faults.down) return void request.socket.destroy();
  const entry: LoggedRequest = {
    at: Date.now(),
    operation: 'Unknown',
    bucket: '',
    key: '',
    status: 0,
    code: null,
    ...newIds(),
  };
  // By the same clock as everything else here: a client whose own clock is wrong goes by this header.
  response.setHeader('Date', new Date(entry.at).toUTCString());
  const path = request.url?.split('?')[0] ?? '/';
  let bodyUnasked = expectsContinue;
  let fault: FaultAction | null = null;
  let answer: Answer;
  try {
    const asked = identify(context, readWire(request), entry);
    const spoken = context.dialects.of(asked.bucketName);
    fault = faults.take(asked.operation, asked.key) ?? spoken.meet(asked);
    checkOwner(asked);
    spoken.guard.check(asked, uploadOf(context.store, asked));
    if (fault && 'delayMs' in fault) await pause(fault.delayMs, response);
    if (fault && 'stall' in fault) return await untilClosed(response);
    const body = bodyOf(request, { idleMs: context.idleMs, ...cutOf(fault) }, () => {
      if (bodyUnasked) response.writeContinue();
      bodyUnasked = false;
    });
    const pace = paceOf(fault);
    const source = pace ? paced(body, pace, request) : body;
    const heard = spoken.hear(asked);
    const compat = spoken.compat(faults.compat);
    const call: Call = {
      ...heard,
      store: context.store,
      region: context.region,
      compat,
      bucket: () => context.store.bucket(asked.bucketName),
      checkKey: (action, key) => spoken.guard.checkKey(asked, action, key),
      body: (headers = heard.headers, keepsCut = false) =>
        receiveBody(source, headers, asked.signature, compat, keepsCut),
    };
    answer = injectedAnswer(fault, entry, path) ?? (await perform(call, asked, spoken));
  } catch (error) {
    const told = toS3Error(error);
    if (entry.operation === 'Unknown') context.record(entry);
    entry.code = told.code;
    // A client that fell silent in the middle of a body cannot use this connection again.
    if (told.code === 'RequestTimeout') bodyUnasked = true;
    answer = errorAnswer(told, path, entry);
  }
  if (fault && 'resetBeforeAnswer' in fault) cut(request);
  if (response.destroyed || request.socket.destroyed) {
    if (typeof answer.body === 'object') answer.body.destroy();
    return;
  }
  entry.status = answer.status;
  await deliver(request, response, answer, { bodyUnasked, pace: paceOf(fault) }, entry);
}

/** The operation's answer, as this bucket gives it. */
async function perform(call: Call, asked: Asked, spoken: Spoken): Promise<Answer> {
  try {
    return spoken.tell(await HANDLERS[call.operation](call), asked);
  } catch (error) {
    throw error instanceof S3Error ? spoken.guard.disguise(error, asked) : error;
  }
}

/** The upload that a request goes on with, if there is one. */
function uploadOf(store: Store, { bucketName, query }: Asked): Upload | null {
  const id = query.get('uploadId');
  return id !== undefined && store.has(bucketName) ? store.bucket(bucketName).uploads.get(id) : null;
}

/** Finds out who asks, and for what; writes it into the log. @throws S3Error */
function identify(context: Context, wire: Wire, entry: LoggedRequest): Asked {
  const { bucket: bucketName, key } = address(wire);
  Object.assign(entry, { bucket: bucketName, key });
  const { region, credentials } = context;
  const signature = verifySignature(wire, { credentials, region, now: Date.now() });
  const query = new Map(wire.query);
  const operation = routeOf(wire, bucketName, key, query);
  entry.operation = operation;
  context.record(entry);
  if (Buffer.byteLength(key) > 1024) {
    throw new S3Error('KeyTooLongError', 'Your key is too long', {
      elements: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: '1024' },
    });
  }
  const headers = signature.presigned ? withQueryHeaders(wire) : wire.headers;
  return { operation, bucketName, key, query, headers, signature };
}

/** A presigned URL carries as parameters what a header-signed request carries as `x-amz-*` headers. */
function withQueryHeaders(wire: Wire): Map<string, string> {
  const inQuery = wire.query.filter(([name]) => /^x-amz-/i.test(name));
  return new Map([...inQuery.map(([name, value]) => [name.toLowerCase(), value] as const), ...wire.headers]);
}

function cutOf(fault: FaultAction | null): { resetAfterBytes?: number } {
  return fault && 'resetAfterBytes' in fault ? fault : {};
}

function paceOf(fault: FaultAction | null): Pace | null {
  return fault && 'bytesPerSecond' in fault ? fault : null;
}

/** The answer that a fault gives instead of the operation. */
function injectedAnswer(fault: FaultAction | null, entry: LoggedRequest, path: string): Answer | null {
  if (!fault || !('status' in fault || 'okWithError' in fault)) return null;
  const { code, status } = 'status' in fault ? fault : { code: fault.okWithError, status: 200 };
  entry.code = code;
  return errorAnswer({ code, status }, path, entry);
}

async function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  how: { bodyUnasked: boolean; pace: Pace | null },
  entry: LoggedRequest,
): Promise<void> {
  try {
    await sendAnswer(request, response, answer, how, entry);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const told = toS3Error(error);
    Object.assign(entry, { status: told.status, code: told.code });
    await sendAnswer(request, response, errorAnswer(told, '/', entry), how, entry);
  }
}

function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  // An error that is not for clients is shown to the person who runs the sandbox.
  console.error('sandbox S3: internal error', error);
  return new S3Error('InternalError', 'We encountered an internal error. Please try again.', {
    cause: error,
  });
}
