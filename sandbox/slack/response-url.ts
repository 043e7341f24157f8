/** `response_url`: five answers within half an hour, each by Slack's rules. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { validateMessage } from './blockkit/index.ts';
import { strikeCall } from './call-faults.ts';
import { readText, sendJson, sendText } from './http.ts';
import { deleteMessage, editMessage, postEphemeral, postMessage } from './messages.ts';
import type { Json, MessageRecord } from './types.ts';
import type { World } from './world.ts';

const RESPONSE_USES = 5;
const RESPONSE_MS = 30 * 60_000;

/** What a response_url may do, and for whom. */
interface Grant {
  key: string;
  kind: 'commands' | 'actions';
  user: string;
  channel: string;
  /** The message that the interaction was on. */
  ts?: string;
  expires: number;
  uses: number;
}

/** A new response_url for a command, or for an interaction on the message `ts`. */
export function issueResponseUrl(world: World, user: string, channel: string, ts?: string): string {
  const kind = ts === undefined ? 'commands' : 'actions';
  const now = Date.now();
  // The oldest come first. They are kept a while longer, so that callers get "expired", not "not found".
  for (const old of world.state.responseUrls.values()) {
    if (old.expires > now - RESPONSE_MS) break;
    world.state.responseUrls.delete(old.key);
  }
  const key = `${kind}/${world.state.identity.teamId}/${randomBytes(6).readUIntBE(0, 6)}/${randomBytes(12).toString('hex')}`;
  const grant: Grant = { key, kind, user, channel, expires: now + RESPONSE_MS, uses: 0 };
  if (ts !== undefined) grant.ts = ts;
  world.state.responseUrls.set(key, grant);
  return `${world.baseUrl}/response/${key}`;
}

/** Answers a POST to `/response/…`. */
export async function answerResponseUrl(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = (request.url ?? '').replace(/^\/response\//, '').replace(/\?.*$/, '');
  const grant = world.state.responseUrls.get(key) as Grant | undefined;
  if (request.method !== 'POST' || grant === undefined) return sendText(response, 404, 'not_found');
  const fault = world.faults.forCall('response_url');
  if (
    fault !== undefined &&
    (await strikeCall(fault, request, response, (...args) => sendJson(response, ...args)))
  ) {
    return;
  }
  // Read first: two answers that arrive together must not count as one.
  const body = parse(await readText(request));
  if (Date.now() > grant.expires) return sendText(response, 404, 'expired_url');
  if (grant.uses >= RESPONSE_USES) return sendText(response, 404, 'used_url');
  if (body === undefined) return sendText(response, 500, 'invalid_payload');
  const refused = (error: string, messages?: string[]) =>
    sendJson(response, error === 'no_text' ? 500 : 400, {
      ok: false,
      error,
      ...(messages === undefined ? {} : { response_metadata: { messages } }),
    });
  const problems = body.delete_original && body.text === undefined ? [] : validateMessage(body);
  if (problems.length > 0) {
    const messages = problems.map((one) => `${one.message} [json-pointer:${one.pointer}]`);
    return refused('invalid_blocks', messages);
  }
  const error = carryOut(world, grant, body);
  if (error !== undefined) return refused(error);
  grant.uses += 1;
  world.state.responseUrls.set(key, grant);
  if (grant.kind === 'commands') sendText(response, 200, 'ok');
  else sendJson(response, 200, { ok: true });
}

/** Shows a command's direct answer without using its response_url; false if it cannot be shown. */
export function answerCommand(world: World, user: string, channel: string, answer: unknown): boolean {
  const body = typeof answer === 'string' ? { text: answer } : (answer as Json | null | undefined);
  if (body === undefined || body === null || Object.keys(body).length === 0) return true;
  if (!hasContent(body) || validateMessage(body).length > 0) return false;
  say(world, { key: '', kind: 'commands', user, channel, expires: 0, uses: 0 }, body);
  return true;
}

function carryOut(world: World, grant: Grant, body: Json): string | undefined {
  const source = originalOf(world, grant);
  if (body.delete_original) {
    // A command has no message of its own that could be deleted.
    if (grant.kind === 'commands') return 'no_original_message';
    if (source !== undefined) deleteMessage(world, source);
    if (!hasContent(body)) return source === undefined ? 'message_not_found' : undefined;
  }
  if (!hasContent(body)) return 'no_text';
  if (body.replace_original && grant.kind === 'actions' && source !== undefined) {
    const attachments = Array.isArray(body.attachments) ? { attachments: body.attachments } : {};
    const change = { text: textOf(body), blocks: body.blocks ?? [], ...attachments };
    editMessage(world, source, change, world.state.identity.botUserId);
    return undefined;
  }
  // After a command there is nothing to replace: Slack silently posts a new message.
  say(world, grant, body);
  return undefined;
}

/** The message that an answer may replace or delete: the app's own, never a person's. */
function originalOf(world: World, grant: Grant): MessageRecord | undefined {
  const source = grant.ts === undefined ? undefined : sourceOf(world, grant.channel, grant.ts);
  return source?.user === world.state.identity.botUserId ? source : undefined;
}

function textOf(body: Json): string {
  return typeof body.text === 'string' ? body.text : '';
}

function say(world: World, grant: Grant, body: Json): void {
  const draft = {
    channel: grant.channel,
    user: world.state.identity.botUserId,
    text: textOf(body),
    ...(Array.isArray(body.blocks) ? { blocks: body.blocks } : {}),
    ...(Array.isArray(body.attachments) ? { attachments: body.attachments } : {}),
    ...(typeof body.thread_ts === 'string' ? { thread_ts: body.thread_ts } : {}),
  };
  if (body.response_type === 'in_channel') postMessage(world, draft);
  else postEphemeral(world, draft, grant.user);
}

/** The message with this timestamp, ephemeral or not. */
export function sourceOf(world: World, channel: string, ts: string): MessageRecord | undefined {
  return world.state.ephemerals.get(`${channel}/${ts}`) ?? world.state.messages.get(channel, ts);
}

function hasContent(body: Json): boolean {
  return (
    textOf(body) !== '' ||
    [body.blocks, body.attachments].some((list) => Array.isArray(list) && list.length > 0)
  );
}

function parse(text: string): Json | undefined {
  try {
    const body = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
