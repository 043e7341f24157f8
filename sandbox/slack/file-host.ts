/** The file host: takes uploads to disk and sends files from disk, never whole in memory. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { botSeesFile } from './access.ts';
import { sendFaulty } from './file-faults.ts';
import { fileHeaders } from './file-headers.ts';
import { sendText } from './http.ts';
import type { FileRecord } from './types.ts';
import type { World } from './world.ts';

/** An upload that an app has announced with `files.getUploadURLExternal`. */
export interface Announced {
  fileId: string;
  name: string;
  /** Bytes that were announced. */
  length: number;
  received: boolean;
}

/** Writes a stream to the place of the file `fileId`; answers its size in bytes. */
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

/** Answers `/files-pri/<team>-<file>/…`. Whoever may not see the file gets Slack's login page, with a 200. */
export async function serveFile(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, , place = ''] = (request.url ?? '').split('/');
  const { teamId } = world.state.identity;
  const file = place.startsWith(`${teamId}-`)
    ? world.state.files.get(place.slice(teamId.length + 1))
    : undefined;
  const scopes = world.app.manifest.oauth_config?.scopes?.bot ?? [];
  const authorized =
    request.headers.authorization === `Bearer ${world.app.botToken}` && scopes.includes('files:read');
  if (!authorized) return sendLoginPage(world, response);
  if (file === undefined || file.deleted) return sendText(response, 404, 'Not found');
  if (!botSeesFile(world, file)) return sendLoginPage(world, response);
  const fault = world.faults.forDownload(file.id);
  if (fault?.kind === 'login_page') return sendLoginPage(world, response);
  if (fault !== undefined) return sendFaulty(world, file, fault, request, response);
  await sendFile(world, file, response);
}

/** Sends all the bytes of a file. Ranges are not offered, and asking for one changes nothing. */
export async function sendFile(
  world: World,
  file: FileRecord,
  response: ServerResponse,
  download = true,
): Promise<void> {
  const path = world.state.filePath(file.id);
  const { size } = await stat(path);
  response.writeHead(200, { ...fileHeaders(file, download), 'content-length': String(size) });
  await pipeline(createReadStream(path), response).catch(() => void response.destroy());
}

/** What the real host answers to a wrong token: the page where people sign in, and a 200. */
export function sendLoginPage(world: World, response: ServerResponse): void {
  const { teamName, domain } = world.state.identity;
  sendText(
    response,
    200,
    `<!DOCTYPE html><html lang="en-US" class="supports_custom_scrollbar"><head><meta charset="utf-8">` +
      `<title>Sign in | Slack</title></head><body class="full_height"><h1>Sign in to ${teamName}</h1>` +
      `<p>${domain}.slack.com</p><form action="/" method="post"><input name="email" type="email">` +
      `<input name="password" type="password"><button>Sign In</button></form></body></html>`,
    'text/html',
  );
}
