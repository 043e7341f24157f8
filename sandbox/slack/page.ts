/** The page's requests under `/sandbox/`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Audience } from './audience.ts';
import { createChannel } from './channels.ts';
import { runCommand } from './commands.ts';
import { ApiError, PageError } from './errors.ts';
import { sendFile } from './file-host.ts';
import { pageFile } from './file-object.ts';
import { readText, sendJson } from './http.ts';
import { act, shortcut, suggest } from './interactions.ts';
import { whole } from './kinds/serve.ts';
import { attachmentOf, KIND_POSTS, takeClip, toEdit } from './page-kinds.ts';
import * as people from './people.ts';
import { closeView, submit } from './submissions.ts';
import type { Json } from './types.ts';
import { personOf, workspaceFor } from './workspace.ts';
import type { World } from './world.ts';

/**
 * For a file opened from the page: it shares the page's origin, so any upload (HTML, SVG) must be
 * shown without running and without access to anything.
 */
const FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

type Handler = (world: World, body: Json, user: string) => unknown;

const POSTS: Record<string, Handler> = {
  ...KIND_POSTS,
  post: (world, body, user) => ({
    ts: people.post(world, {
      user,
      channel: text(body, 'channel'),
      text: body.text ?? '',
      file_ids: body.file_ids ?? [],
      ...(body.thread_ts ? { thread_ts: body.thread_ts } : {}),
    }).ts,
  }),
  edit: (world, body, user) =>
    people.edit(world, {
      ...body,
      user,
      channel: text(body, 'channel'),
      ts: text(body, 'ts'),
      text: body.text ?? '',
    }),
  delete: (world, body, user) =>
    people.remove(world, { user, channel: text(body, 'channel'), ts: text(body, 'ts') }),
  'delete-file': (world, body, user) => people.removeFile(world, user, text(body, 'file_id')),
  command: (world, body, user) => runCommand(world, user, text(body, 'channel'), text(body, 'text')),
  action: (world, body, user) =>
    act(world, {
      ...body,
      user,
      container: body.container ?? {},
      block_id: body.block_id,
      action_id: text(body, 'action_id'),
      payload: body.payload ?? {},
    }),
  options: (world, body, user) =>
    suggest(world, {
      user,
      container: body.container ?? {},
      block_id: body.block_id,
      action_id: text(body, 'action_id'),
      value: String(body.value ?? ''),
    }),
  submit: (world, body, user) => submit(world, user, text(body, 'view_id'), body.values ?? {}),
  close: (world, body, user) => closeView(world, user, text(body, 'view_id')),
  home: (world, _body, user) => people.openHome(world, user),
  shortcut: (world, body, user) => shortcut(world, user, { ...body, callback_id: text(body, 'callback_id') }),
  channel: (world, body, user) => {
    const channel = createChannel(world, user, {
      name: text(body, 'name'),
      isPrivate: body.private === true,
    });
    return { channel: channel.id };
  },
  join: (world, body, user) =>
    people.membership(world, body.who ?? user, text(body, 'channel'), body.member !== false, user),
};

/** What Slack's Web API would refuse, in words for the person at the page. */
const REFUSALS: Record<string, string> = {
  name_taken: 'A channel has this name already. Choose another one.',
  invalid_name_maxlength: 'A channel’s name has 80 characters at most.',
  invalid_name_specials: 'A channel’s name has lower-case letters, digits, hyphens and underscores only.',
};

const refused = ({ code }: ApiError) => new PageError(400, REFUSALS[code] ?? code);

/** Answers a request under `/sandbox/`. */
export async function answerPage(
  world: World,
  audience: Audience,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [what = '', id = ''] = url.pathname.replace('/sandbox/', '').split('/');
  try {
    if (request.method === 'GET') return await answerGet(world, audience, what, id, url, request, response);
    if (what === 'upload') {
      const { searchParams } = url;
      const user = personOf(world, searchParams.get('user') ?? '').id;
      const options = Object.fromEntries(
        ['title', 'mode', 'mimetype'].flatMap((name) => {
          const value = searchParams.get(name);
          return value === null ? [] : [[name, value]];
        }),
      );
      const file = await people.upload(world, user, searchParams.get('name') || null, request, options);
      return sendJson(response, 200, { file: pageFile(world, file) });
    }
    if (what === 'clip') {
      const user = personOf(world, url.searchParams.get('user') ?? '').id;
      return sendJson(response, 200, await takeClip(world, user, url.searchParams, request));
    }
    const handler = Object.hasOwn(POSTS, what) ? POSTS[what] : undefined;
    if (handler === undefined || request.method !== 'POST')
      throw new PageError(404, 'There is no such address');
    const body = parse(await readText(request));
    const user = personOf(world, text(body, 'user')).id;
    sendJson(response, 200, (await handler(world, body, user)) ?? {});
  } catch (cause) {
    if (response.headersSent) return void response.destroy();
    const error = cause instanceof ApiError ? refused(cause) : cause;
    if (!(error instanceof PageError)) {
      world.log(
        `page: ${request.method} ${url.pathname} broke: ${error instanceof Error ? error.stack : error}`,
      );
    }
    const status = error instanceof PageError ? error.status : 500;
    sendJson(response, status, { error: error instanceof PageError ? error.message : 'internal_error' });
  }
}

async function answerGet(
  world: World,
  audience: Audience,
  what: string,
  id: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const first = [...world.state.people.values()].find((person) => !person.is_bot)?.id ?? '';
  const user = personOf(world, url.searchParams.get('user') ?? first).id;
  if (what === 'workspace') return sendJson(response, 200, workspaceFor(world, user));
  if (what === 'stream') return audience.stream(user, request, response);
  if (what === 'messages') {
    const messages = people.messagesFor(world, user, url.searchParams.get('channel') ?? '');
    return sendJson(response, 200, { messages });
  }
  if (what === 'editable') return sendJson(response, 200, toEdit(world, user, id));
  if (what === 'file') {
    const file = people.visibleFile(world, user, id);
    if (file.link !== undefined) throw new PageError(404, 'It lives elsewhere');
    response.setHeader('content-security-policy', FILE_POLICY);
    const attached = url.searchParams.get('attachment');
    const served = attached === null ? whole(world, file) : attachmentOf(world, file, attached);
    return sendFile(served, response, url.searchParams.has('download'));
  }
  throw new PageError(404, 'There is no such address');
}

function text(body: Json, name: string): string {
  if (typeof body[name] === 'string' && body[name] !== '') return body[name];
  throw new PageError(400, `${name} is missing`);
}

function parse(body: string): Json {
  try {
    const value = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new PageError(400, 'The body is not JSON');
}
