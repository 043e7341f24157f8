import type { FirstSteps, StepName } from '../../first-steps-types.ts';
import type {
  ActionRequest,
  Block,
  OptionsRequest,
  PageFile,
  PageMessage,
  PostRequest,
  SubmitResult,
  Workspace,
} from '../../slack/page-api.ts';
import type { Trouble } from '../../trouble-types.ts';

/** A refusal by the sandbox's Slack; `code` is Slack's own error code. */
export class ApiError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(wordsFor(code));
    this.code = code;
  }
}

function wordsFor(code: string): string {
  switch (code) {
    case 'operation_timeout':
      return 'The app did not answer within 3 seconds (operation_timeout)';
    case 'dispatch_failed':
      return 'The app is not connected just now (dispatch_failed)';
    case 'offline':
      return 'The sandbox does not answer. Is it still running?';
    default:
      return `Slack answered: ${code}`;
  }
}

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await asked;
  } catch {
    throw new ApiError('offline');
  }
  const body = (await response.json().catch(() => ({}))) as { error?: string };
  if (!response.ok) throw new ApiError(body.error ?? `http_${response.status}`);
  return body as T;
}

/** If the address names no person yet, Slack's first person looks. */
export function asPerson(user: string): Record<string, string> {
  return user === '' ? {} : { user };
}

export function get<T>(path: string, user: string, query: Record<string, string> = {}): Promise<T> {
  return answerOf(fetch(`/sandbox/${path}?${new URLSearchParams({ ...asPerson(user), ...query })}`));
}

export function post<T = unknown>(path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return answerOf(fetch(`/sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

export interface OptionsAnswer {
  options?: Block[];
  option_groups?: Array<{ label: { text: string }; options: Block[] }>;
}

/** Everything that the page asks of the sandbox. */
export const api = {
  workspace: (user: string) => get<Workspace>('workspace', user),
  messages: (user: string, channel: string) =>
    get<{ messages: PageMessage[] }>('messages', user, { channel }),
  post: (request: PostRequest) => post<{ ts: string }>('post', request),
  edit: (user: string, channel: string, ts: string, text: string) =>
    post('edit', { user, channel, ts, text }),
  deleteMessage: (user: string, channel: string, ts: string) => post('delete', { user, channel, ts }),
  deleteFile: (user: string, file_id: string) => post('delete-file', { user, file_id }),
  command: (user: string, channel: string, text: string) => post('command', { user, channel, text }),
  action: (request: ActionRequest) => post('action', request),
  options: (request: OptionsRequest) => post<OptionsAnswer>('options', request),
  submit: (user: string, view_id: string, values: object) =>
    post<SubmitResult>('submit', { user, view_id, values }),
  close: (user: string, view_id: string) => post('close', { user, view_id }),
  home: (user: string) => post('home', { user }),
  shortcut: (request: { user: string; callback_id: string; channel?: string; ts?: string }) =>
    post('shortcut', request),
  join: (user: string, channel: string) => post('join', { user, channel, member: true }),
  /** Brings somebody else into a channel, the bot for example. */
  invite: (user: string, channel: string, who: string) => post('join', { user, channel, who, member: true }),
  killBot: () => post('bot/kill', {}),
  stopBot: () => post('bot/stop', {}),
  startBot: () => post('bot/start', {}),
  /** Ticks off a first step. */
  tick: (done: StepName) => post<FirstSteps>('steps', { done }),
  hideSteps: (hidden: boolean) => post<FirstSteps>('steps', { hidden }),
  /** Shares six small files in one message. */
  samples: (user: string, channel: string) => post('samples', { user, channel }),
  trouble: (change: Partial<Trouble>) => post<Trouble>('trouble', change),
};

export function fileUrl(user: string, id: string, download = false): string {
  return `/sandbox/file/${encodeURIComponent(id)}?user=${encodeURIComponent(user)}${download ? '&download=1' : ''}`;
}

/** The address of an e-mail's attachment, by its position in the mail. */
export function attachmentUrl(user: string, mail: string, at: number): string {
  return `${fileUrl(user, mail, true)}&attachment=${at}`;
}

export interface Upload {
  done: Promise<PageFile>;
  cancel(): void;
}

/** Sends one file, streamed from disk by the browser. XMLHttpRequest, because fetch reports no progress. */
export function upload(
  user: string,
  file: File,
  onProgress: (sent: number) => void,
  extra: Record<string, string> = {},
): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<PageFile>((resolve, reject) => {
    // A clip is not an ordinary upload: its body is what Slack makes of a recording.
    const path = extra.kind ? 'clip' : 'upload';
    request.open('POST', `/sandbox/${path}?${new URLSearchParams({ user, name: file.name, ...extra })}`);
    request.responseType = 'json';
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      const body = request.response as { file?: PageFile; error?: string } | null;
      if (request.status < 300 && body?.file) resolve(body.file);
      else reject(new ApiError(body?.error ?? `http_${request.status}`));
    };
    request.onerror = () => reject(new ApiError('offline'));
    request.onabort = () => reject(new ApiError('cancelled'));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}
