/**
 * What the sandbox's page asks of the sandbox's Slack, over `/sandbox/*` — the part that Slack's own apps do in
 * real life. JSON both ways, errors as `{ error: string }` with a 4xx status. Every call names the person who
 * is looking (`user`), because a browser tab may switch between people. Server and page share these types.
 *
 * GET  /sandbox/workspace?user=U            → Workspace
 * GET  /sandbox/messages?user=U&channel=C   → { messages: PageMessage[] }   whole channel, oldest first, replies included,
 *                                              this person's ephemeral messages included
 * GET  /sandbox/stream?user=U               → text/event-stream of PageEvent, one JSON per `data:` line
 * POST /sandbox/upload?user=U&name=…        → { file: PageFile }            raw body, streamed to disk; not shared yet
 *                                              (optional: &title=…&mode=snippet|email|space&mimetype=…)
 * POST /sandbox/post         PostRequest    → { ts }                        shares uploaded files, may be a thread reply
 * POST /sandbox/edit         { user, channel, ts, text, add_file_ids? }
 * POST /sandbox/delete       { user, channel, ts }                         deletes the message
 * POST /sandbox/delete-file  { user, file_id }
 * POST /sandbox/command      { user, channel, text }                       text is the whole line: `/vault list`
 * POST /sandbox/action       ActionRequest
 * POST /sandbox/options      OptionsRequest → { options?, option_groups? }
 * POST /sandbox/submit       { user, view_id, values } → SubmitResult      view_submission; values as in state.values
 * POST /sandbox/close        { user, view_id }                             view_closed where notify_on_close
 * POST /sandbox/home         { user }                                      opens the App Home tab (app_home_opened)
 * POST /sandbox/shortcut     { user, callback_id, channel?, ts? }          global, or on a message
 * POST /sandbox/channel      { user, name, private? }                      makes a channel → { channel }
 * POST /sandbox/join         { user, channel, member, who? }               joins (or leaves, member:false) a channel;
 *                                              `who` is brought in (or taken out) instead, the bot for example
 * GET  /sandbox/file/<id>?user=U[&download=1]                              the bytes of a file, for previews
 *                                              (&attachment=0 … for what was attached to an e-mail)
 *
 * What else people make in Slack (`page-kinds.ts`):
 * POST /sandbox/clip?user=U&channel=C&kind=audio|video[&name=…&transcript=…&thread_ts=…] → { ts, files }
 *                                              raw body: what the clip's URL will send; Slack names a larger size
 * POST /sandbox/transcribe   { user, file_id, text }                       the transcription of a clip is done
 * POST /sandbox/mail         MailRequest    → { ts, file_id }              an e-mail to the channel's address
 * POST /sandbox/canvas       CanvasRequest  → { file_id, ts? }             no `ts` for a canvas on the channel's tab
 * POST /sandbox/list         ListRequest    → { file_id, ts }
 * POST /sandbox/link         LinkRequest    → { file_id, ts }              a Google Drive link and the like
 * Without `channel`, a clip, canvas, list or link is made and not shared yet: → { file: PageFile }, for `post`.
 * GET  /sandbox/editable/<id>?user=U        → EditableFile                 what a canvas, list or snippet holds now
 * POST /sandbox/edit-file    EditFileRequest                               the app hears `file_change`
 *
 * `/invite @x`, `/remove @x` and `/leave` go to `command` as any other; they are Slack's own (`own_commands`), and
 * the app is not asked. For the @- and the #-menu everything is in Workspace: `people` and `channels`.
 *
 * A command, action, submission or option request that the bot does not acknowledge within three seconds answers
 * 504 with Slack's own words (`operation_timeout`); with no bot connected, 502 (`dispatch_failed`).
 */
export interface Person {
  id: string;
  name: string;
  real_name: string;
  /** A colour for the avatar. */
  color: string;
  role: 'member' | 'admin' | 'guest';
  is_bot: boolean;
}

export interface PageChannel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im' | 'mpim';
  /** The person looking is a member; full members see public channels in any case. */
  is_member: boolean;
  bot_is_member: boolean;
  members: string[];
  topic: string;
  /** Canvases on its tabs; `main` is the channel's own. */
  tabs?: Array<{ file_id: string; title: string; main: boolean }>;
  /** Links in the bar under its name. */
  bookmarks?: Array<{ id: string; title: string; link: string; emoji: string }>;
}

export interface Workspace {
  team: { id: string; name: string };
  me: Person;
  people: Person[];
  channels: PageChannel[];
  bot: { id: string; name: string; connected: boolean; mode: 'socket' | 'http' };
  /** The app's registered slash commands and shortcuts, from the manifest. */
  commands: Array<{ command: string; description: string; usage_hint?: string }>;
  /** Slack's own commands that the composer knows. */
  own_commands?: readonly OwnCommand[];
  shortcuts: Array<{ name: string; type: 'message' | 'global'; callback_id: string }>;
  /** The published Home view of this person, if any. */
  home: View | null;
}

export interface OwnCommand {
  command: string;
  description: string;
  usage_hint?: string;
  /** Other names, which are in no menu. */
  aliases?: readonly string[];
}

export interface PageFile {
  id: string;
  name: string | null;
  title: string | null;
  mimetype: string;
  filetype: string;
  size: number;
  user: string;
  mode: string;
  /** A clip, and what was said in it (empty until it is known). */
  clip?: 'audio' | 'video';
  transcript?: string;
  /** An e-mail. */
  mail?: {
    from: string;
    plain: string;
    attachments: Array<{ filename: string; size: number; mimetype: string; inline: boolean }>;
  };
  /** Rows of a list. */
  rows?: number;
  /** Where a linked file lives. */
  external_url?: string;
  /** For a canvas: it is empty. */
  is_empty?: boolean;
  /** A canvas, list or snippet, which `edit-file` can change. */
  editable?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: Block Kit as it travels; the page draws whatever the bot sent
export type Block = Record<string, any>;

export interface PageMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  /** Who wrote it: a person, the bot, `USLACKBOT`, or nobody known (another app). */
  user: string;
  /** The name of another app, or of Slack's own e-mail bot. */
  username?: string;
  text: string;
  blocks?: Block[];
  files?: PageFile[];
  reactions?: Array<{ name: string; users: string[] }>;
  edited?: boolean;
  /** A line of Slack's own: `channel_join`, `channel_leave`, `group_join`, `group_leave`, `huddle_thread`. */
  subtype?: string;
  /** Only this person sees it; it is gone after a restart. */
  ephemeral?: boolean;
}

export interface View {
  id: string;
  type: 'modal' | 'home';
  callback_id?: string;
  title?: { type: 'plain_text'; text: string };
  submit?: { type: 'plain_text'; text: string };
  close?: { type: 'plain_text'; text: string };
  blocks: Block[];
  hash: string;
  notify_on_close?: boolean;
}

export interface PostRequest {
  user: string;
  channel: string;
  text: string;
  thread_ts?: string;
  file_ids?: string[];
}

export interface MailRequest {
  user: string;
  channel: string;
  subject: string;
  /** `Name <address>`. */
  from?: string;
  plain?: string;
  html?: string;
  attachments?: Array<{
    filename: string;
    mimetype: string;
    /** The bytes, in base64. */
    content_base64: string;
    inline?: boolean;
  }>;
  /** What the URL of the body gives the app. */
  body?: 'mail' | 'sign_in' | 'web_page';
}

export interface LinkRequest {
  user: string;
  channel: string;
  name: string;
  url: string;
  kind?: 'gdrive' | 'dropbox' | 'onedrive' | 'remote';
  text?: string;
}

export interface EditFileRequest {
  user: string;
  file_id: string;
  /** HTML of a canvas, text of a snippet. */
  content?: string;
  title?: string;
  name?: string;
  /** For a list. */
  columns?: string[];
  rows?: string[][];
}

export interface EditableFile {
  title: string | null;
  content?: string;
  columns?: string[];
  rows?: string[][];
}

export interface ActionRequest {
  user: string;
  /** Where the element was: a message (ephemeral or not), or a view. */
  container: { type: 'message'; channel: string; ts: string } | { type: 'view'; view_id: string };
  block_id: string;
  action_id: string;
  /** What the element carries: `{ value }`, `{ selected_option }`, `{ selected_user }`, `{ selected_date }`, … */
  payload: Record<string, unknown>;
  /** The current state of the inputs of this message or view, as in `state.values`. */
  state?: Record<string, Record<string, unknown>>;
}

export interface OptionsRequest {
  user: string;
  container: ActionRequest['container'];
  block_id: string;
  action_id: string;
  value: string;
}

/**
 * The result of a submission. With `errors` the modal stays open and shows each text under its block; otherwise
 * what happens to the modal (closed, updated, another one pushed on top) arrives as `view` and `view_closed` events.
 */
export interface SubmitResult {
  errors?: Record<string, string>;
}

export type PageEvent =
  | { type: 'message'; message: PageMessage }
  | { type: 'message_changed'; message: PageMessage }
  | { type: 'message_deleted'; channel: string; ts: string }
  | { type: 'reaction'; channel: string; ts: string; reactions: Array<{ name: string; users: string[] }> }
  | { type: 'view'; view: View; how: 'open' | 'push' | 'update' }
  | { type: 'view_closed'; view_id: string; clear?: boolean }
  | { type: 'home'; view: View }
  | { type: 'workspace'; workspace: Workspace }
  | { type: 'bot'; connected: boolean };
