/** The file host: takes uploads to disk and sends files from disk, never whole in memory. */
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { botSeesFile, grantedScopes } from './access.ts';
import { open, sendFaulty, sizeOf } from './file-faults.ts';
import { fileHeaders } from './file-headers.ts';
import { sendText } from './http.ts';
import { bytesAt, placeIn, type Served } from './kinds/serve.ts';
import { sendSignIn, sendWebPage } from './sign-in.ts';
import type { World } from './world.ts';

/** An upload that an app has announced with `files.getUploadURLExternal`. */
export interface Announced {
  fileId: string;
  name: string;
  /** Bytes that were announced. */
  length: number;
  received: boolean;
}

/** Writes a stream to the place of the file `fileId`; returns its size in bytes. */
export async function storeBytes(world: World, fileId: string, body: Readable): Promise<number> {
  const path = world.state.filePath(fileId);
  try {
    await pipeline(body, createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return (await stat(path)).size;
}

/** Takes the bytes of an announced upload, raw or as a multipart form. */
export async function takeUpload(
  world: World,
  announced: Announced,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const multipart = request.headers['content-type']?.startsWith('multipart/form-data');
  const size = multipart
    ? await storeMultipart(world, announced.fileId, request)
    : await storeBytes(world, announced.fileId, request);
  if (size !== announced.length)
    return sendText(response, 400, `length_mismatch: ${size} of ${announced.length}`);
  announced.received = true;
  sendText(response, 200, `OK - ${size}`);
}

function storeMultipart(world: World, fileId: string, request: IncomingMessage): Promise<number> {
  return new Promise((resolve, reject) => {
    const parser = busboy({ headers: request.headers });
    let stored: Promise<number> | undefined;
    parser.on('file', (_name, stream) => {
      if (stored === undefined) stored = storeBytes(world, fileId, stream);
      else stream.resume();
    });
    parser.on('error', reject);
    parser.on('close', () => (stored ?? Promise.resolve(0)).then(resolve, reject));
    request.pipe(parser);
  });
}

/**
 * Answers `/files-pri/<team>-<file>/…`, `/files-tmb/…` and `/files-email-priv/…`. A caller who may not see the file
 * gets Slack's sign-in page, with a 200.
 */
export async function serveFile(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const place = placeIn(world, request.url ?? '');
  const authorized =
    request.headers.authorization === `Bearer ${world.app.botToken}` &&
    grantedScopes(world).includes('files:read');
  if (!authorized) return sendSignIn(world, response);
  if (place === undefined || place.file.deleted) return sendText(response, 404, 'Not found');
  if (!botSeesFile(world, place.file)) return sendSignIn(world, response);
  const found = bytesAt(world, place);
  const fault = world.faults.forDownload(typeof found === 'object' ? found.key : place.file.id);
  if (fault?.kind === 'login_page') return sendSignIn(world, response, fault.late);
  if (fault?.kind === 'web_page') return sendWebPage(world, response);
  if (found === undefined) return sendText(response, 404, 'Not found');
  if (found === 'refused') return sendAway(world, request, response);
  if (found === 'sign_in') return sendSignIn(world, response, true);
  if (found === 'web_page') return sendWebPage(world, response);
  if (fault !== undefined) return sendFaulty(world, found, fault, request, response);
  await sendFile(found, response);
}

/** Sends all the bytes of a file. Ranges are not supported; a request for one gets the whole file. */
export async function sendFile(served: Served, response: ServerResponse, download = true): Promise<void> {
  const { size } = await sizeOf(served);
  response.writeHead(200, { ...fileHeaders(served, download), 'content-length': String(size) });
  await pipeline(open(served), response).catch(() => void response.destroy());
}

/**
 * A huddle's transcript: a bot is redirected with 302, and gets 403 there (measured 2026-09:
 * 100Thieves-team/plady-agent-platform, docs/webex-ingest.md). The address is `https://<workspace>.slack.com/?redir=…`,
 * where Slack sends callers who may not have a file (slackapi/deno-slack-sdk#285).
 */
function sendAway(world: World, request: IncomingMessage, response: ServerResponse): void {
  const redir = encodeURIComponent(request.url ?? '/');
  response.writeHead(302, { location: `${world.baseUrl}/?redir=${redir}`, 'content-length': '0' }).end();
}
