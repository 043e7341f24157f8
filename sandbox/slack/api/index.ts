/** The Web API's front door: token, method, rate limit, scopes, faults; then the method itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { grantedScopes } from '../access.ts';
import { strikeCall } from '../call-faults.ts';
import { ApiError } from '../errors.ts';
import { readFields, sendJson } from '../http.ts';
import { checkPictures } from '../pictures.ts';
import type { Json } from '../types.ts';
import type { World } from '../world.ts';
import { apps } from './apps.ts';
import { bookmarks } from './bookmarks.ts';
import { argsOf, type Family, type Method } from './call.ts';
import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import { files } from './files.ts';
import { history } from './history.ts';
import { lists } from './lists.ts';
import { reactions } from './reactions.ts';
import { uploads } from './uploads.ts';
import { users } from './users.ts';
import { views } from './views.ts';

const METHODS: Family = {
  ...apps,
  ...bookmarks,
  ...chat,
  ...conversations,
  ...files,
  ...history,
  ...lists,
  ...reactions,
  ...uploads,
  ...users,
  ...views,
};

/** One Web API call in the log that tests read. The token is not kept. */
export interface CallRecord {
  method: string;
  args: Json;
  at: number;
  /** HTTP status; 0 when the connection was cut or left hanging. */
  status: number;
  error?: string;
}

export interface CallLog {
  readonly list: CallRecord[];
  count(method: string): number;
  reset(): void;
}

/** How many calls the log keeps; a sandbox may run for days. */
const LOG_LENGTH = 50_000;

/** A log of calls, with the function that answers them. */
export function createApi(world: World): {
  calls: CallLog;
  handle(method: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
} {
  const list: CallRecord[] = [];
  return {
    calls: {
      list,
      count: (method) => list.filter((call) => call.method === method).length,
      reset: () => list.splice(0),
    },
    async handle(name, request, response) {
      const fields = await readFields(request).catch(() => undefined);
      const { token, ...args } = fields?.values ?? {};
      const record: CallRecord = { method: name, args, at: Date.now(), status: 0 };
      if (list.push(record) > LOG_LENGTH) list.shift();
      const send = (status: number, body: Json, headers: Record<string, string> = {}) => {
        if (body.error !== undefined) record.error = body.error;
        sendJson(response, status, body, { ...headers, 'x-slack-req-id': String(list.length) });
      };
      response.on('finish', () => {
        record.status = response.statusCode;
      });
      const fault = world.faults.forCall(name, args.channel);
      if (fault !== undefined && !fault.after && (await strikeCall(fault, request, response, send))) return;

      const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
      const outcome = await answer(
        world,
        name,
        method,
        request,
        fields?.json ? undefined : token,
        fields && args,
      );
      if (fault?.after && (await strikeCall(fault, request, response, send))) return;
      send(outcome.status, outcome.body, outcome.headers);
    },
  };
}

interface Outcome {
  status: number;
  body: Json;
  headers?: Record<string, string>;
}

async function answer(
  world: World,
  name: string,
  method: Method | undefined,
  request: IncomingMessage,
  bodyToken: unknown,
  values: Json | undefined,
): Promise<Outcome> {
  const headers: Record<string, string> = {};
  try {
    if (method === undefined) throw new ApiError('unknown_method', { req_method: name });
    if (values === undefined) {
      const isJson = request.headers['content-type']?.startsWith('application/json');
      throw new ApiError(isJson ? 'invalid_json' : 'invalid_form_data');
    }
    const header = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    checkToken(world, header ?? (typeof bodyToken === 'string' ? bodyToken : undefined), method);
    // An app that calls is there. An app that takes events over HTTP shows this in no other way at first.
    if (world.app.requestUrl !== undefined) world.presence.set(true);
    if (method.token !== 'app') headers['x-oauth-scopes'] = grantedScopes(world).join(',');
    if (method.scopes !== undefined) headers['x-accepted-oauth-scopes'] = method.scopes.join(',');
    // "Per API method per workspace/team per app" (docs.slack.dev/apis/web-api/rate-limits).
    const team = typeof values.team_id === 'string' ? ` ${values.team_id}` : '';
    const wait = world.limits.call(`${name}${team}`, method.tier);
    if (wait > 0) return rateLimited(wait);
    const requireScope = (...anyOf: string[]) => checkScopes(world, anyOf);
    if (method.scopes !== undefined) requireScope(...method.scopes);
    await checkPictures(world, name, values);
    const result = await method.run({ world, args: argsOf(values), requireScope });
    return { status: 200, body: { ok: true, ...result }, headers };
  } catch (error) {
    if (error instanceof ApiError && error.code === 'ratelimited') return rateLimited(error.extra.seconds);
    if (error instanceof ApiError) {
      return { status: 200, body: { ok: false, error: error.code, ...error.extra }, headers };
    }
    world.log(`${name} broke: ${error instanceof Error ? error.stack : error}`);
    return { status: 500, body: { ok: false, error: 'internal_error' }, headers };
  }
}

function rateLimited(seconds: number): Outcome {
  return {
    status: 429,
    body: { ok: false, error: 'ratelimited' },
    headers: { 'retry-after': String(seconds) },
  };
}

function checkToken(world: World, token: string | undefined, method: Method): void {
  if (token === undefined) throw new ApiError('not_authed');
  const { botToken, appToken } = world.app;
  if (token !== botToken && token !== appToken) throw new ApiError('invalid_auth');
  if (token !== (method.token === 'app' ? appToken : botToken)) throw new ApiError('not_allowed_token_type');
}

function checkScopes(world: World, anyOf: string[]): void {
  const granted = grantedScopes(world);
  if (anyOf.some((scope) => granted.includes(scope))) return;
  throw new ApiError('missing_scope', { needed: anyOf.join(','), provided: granted.join(',') });
}
