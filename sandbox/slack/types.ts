/** The records that the sandbox's Slack keeps, and the settings it is started with. */
import type { KindFacts } from './kinds/facts.ts';
import type { View } from './page-api.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON as it travels; every use checks what it reads
export type Json = Record<string, any>;

/** The parts of a Slack app manifest that are read. */
export interface Manifest {
  display_information?: { name?: string };
  features?: {
    app_home?: {
      home_tab_enabled?: boolean;
      messages_tab_enabled?: boolean;
      messages_tab_read_only_enabled?: boolean;
    };
    bot_user?: { display_name?: string };
    slash_commands?: Array<{
      command: string;
      description?: string;
      usage_hint?: string;
      should_escape?: boolean;
      url?: string;
    }>;
    shortcuts?: Array<{
      name: string;
      type: 'message' | 'global';
      callback_id: string;
      description?: string;
    }>;
  };
  oauth_config?: { scopes?: { bot?: string[]; bot_optional?: string[] } };
  settings?: {
    event_subscriptions?: { bot_events?: string[]; request_url?: string };
    interactivity?: { is_enabled?: boolean };
    socket_mode_enabled?: boolean;
    org_deploy_enabled?: boolean;
  };
}

export interface AppSettings {
  manifest: Manifest;
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** Set for HTTP mode; without it the app must connect by Socket Mode. */
  requestUrl?: string;
}

/** The workspace to begin with. `bot` in a members list stands for the app's bot user. */
export interface Seed {
  /** The workspace; for an organisation, the organisation itself. */
  team: { name: string; domain: string };
  /** The workspaces of an organisation that installed the app as a whole; the app was added to all of them. */
  workspaces?: Array<{ name: string; domain: string }>;
  people: Array<{
    name: string;
    real_name: string;
    role: 'member' | 'admin' | 'guest';
    color: string;
    tz?: string;
    /** How an Enterprise Grid describes them. In a list of teams, `ours` stands for this workspace. */
    grid?: Grid;
    /** The names of their workspaces, in an organisation. */
    in?: string[];
    /** What they are in the organisation; `role` is what they are in their workspaces. */
    orgRole?: 'admin' | 'owner';
  }>;
  /** `shared`: with another organisation, over Slack Connect. */
  channels: Array<{
    name: string;
    private?: boolean;
    members: string[];
    topic?: string;
    shared?: boolean;
    archived?: boolean;
    /** The names of its workspaces, in an organisation: several for a channel that they share. */
    in?: string[];
  }>;
}

/**
 * What Enterprise Grid says of a person: `team_id` may be null, absent (undefined here) or another workspace's;
 * membership is in `enterprise_user.teams`. The fields are those of Slack's published API description
 * (`objs_enterprise_user`); which of them may be missing comes from SDKs (slackapi/java-slack-sdk, User model).
 */
export interface Grid {
  team_id?: string | null;
  enterprise_user?: {
    id: string;
    enterprise_id: string;
    enterprise_name?: string;
    teams: string[];
    is_admin?: boolean;
    is_owner?: boolean;
  };
  /** From another organisation, met in a shared channel. */
  is_stranger?: boolean;
}

export interface PersonRecord {
  id: string;
  name: string;
  real_name: string;
  role: 'member' | 'admin' | 'guest';
  color: string;
  tz: string;
  is_bot: boolean;
  updated: number;
  grid?: Grid;
  /** Their workspaces, in an organisation. */
  teams?: string[];
  orgRole?: 'admin' | 'owner';
}

export interface ChannelRecord {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im' | 'mpim';
  members: string[];
  topic: string;
  creator: string;
  /** Seconds since 1970. */
  created: number;
  is_archived: boolean;
  /** Its workspaces, in an organisation. */
  teams?: string[];
  /** Shared with another organisation, over Slack Connect. */
  is_ext_shared?: boolean;
  /** The names that it had before, newest first. */
  previous_names?: string[];
  /** Canvases on its tabs; the channel's own canvas is `main`. */
  tabs?: Array<{ id: string; file_id: string; shared_ts: string; main: boolean }>;
  /** What stands in the bar under its name, in order. */
  bookmarks?: BookmarkRecord[];
}

/** A link under a channel's name. */
export interface BookmarkRecord {
  id: string;
  title: string;
  link: string;
  /** With its colons; empty for none. */
  emoji: string;
  by: string;
  app_id: string | null;
  /** Seconds since 1970. */
  created: number;
  updated: number;
  rank: string;
}

export interface MessageRecord {
  channel: string;
  ts: string;
  subtype?: string;
  user: string;
  text: string;
  blocks?: Json[];
  attachments?: Json[];
  /** Ids; the state of the files is looked up when the message is shown. */
  files?: string[];
  /** Files that were in the message at upload time. */
  upload?: boolean;
  thread_ts?: string;
  /** A thread reply that also shows in the channel. */
  broadcast?: boolean;
  edited?: { user: string; ts: string };
  metadata?: { event_type: string; event_payload: Json };
  reactions?: Array<{ name: string; users: string[] }>;
  client_msg_id?: string;
  /** Written by another app, or by one of Slack's own bots. */
  sender?: { bot_id: string; username?: string; display_as_bot?: boolean };
  /** The huddle that this message represents. */
  room?: Json;
  /** Set for messages that only this person sees; these are never written to disk. */
  ephemeralTo?: string;
}

export interface ShareRecord {
  channel: string;
  ts: string;
  thread_ts?: string;
  user: string;
  /** Shared without a message, like a channel's canvas: then no message has this `ts`. */
  silent?: boolean;
}

export interface FileRecord extends KindFacts {
  id: string;
  /** Seconds since 1970. */
  created: number;
  name: string | null;
  title: string | null;
  mimetype: string;
  filetype: string;
  pretty_type: string;
  /** hosted, snippet, email, space, external, quip, docs, post, list, huddle_transcript. */
  mode: string;
  size: number;
  user: string;
  shares: ShareRecord[];
  external_url?: string;
  deleted?: boolean;
  /** Handed to the app in a file input. */
  given?: boolean;
  /** When it was last changed, in seconds since 1970. */
  updated?: number;
  /** Channels that show it inside a block, without a share. */
  shown_in?: string[];
  /** Milliseconds since 1970 before which `files.info` does not know it. */
  ready_at?: number;
}

export interface ViewRecord extends View {
  private_metadata: string;
  external_id: string;
  user: string;
  root_view_id: string;
  previous_view_id: string | null;
  clear_on_close: boolean;
  state: { values: Record<string, Record<string, Json>> };
}
