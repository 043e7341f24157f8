/**
 * Deliveries in the shapes that Slack really sends, for tests that choose their order and their flaws themselves.
 * Shapes: docs.slack.dev/apis/events-api, …/reference/events/message/file_share, …/file_deleted, …/channel_id_changed,
 * and the sample events of slackapi/java-slack-sdk (json-logs/samples/events).
 */
import { randomUUID } from 'node:crypto';
import { signature } from '../../sandbox/slack/deliver-http.ts';
import type { Bot, TestVault } from './vault.ts';

export type Payload = Record<string, unknown>;

/** The envelope around an event, as of 2026, with every field that Slack documents. */
export function envelope({ slack }: TestVault, event: unknown): Payload {
  const { teamId, appId, botUserId } = slack.workspace;
  return {
    token: 'XXYYZZ',
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: `Ev${randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()}`,
    event_time: Math.floor(Date.now() / 1_000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: teamId,
        user_id: botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: '4-eyJldCI6Im1lc3NhZ2UifQ',
  };
}

/** Signs a body as Slack does and sends it to the bot. Answers the status. */
export async function deliver(vault: TestVault, bot: Bot, body: unknown): Promise<number> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const timestamp = Math.floor(Date.now() / 1_000);
  const answer = await fetch(`http://127.0.0.1:${bot.port}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': signature(vault.env.SLACK_SIGNING_SECRET as string, timestamp, text),
    },
    body: text,
  });
  await answer.arrayBuffer();
  return answer.status;
}

export interface PayloadFile {
  id: string;
  name: string | null;
  size: number;
  user: string;
}

/** A hosted file's object. */
export function fileObject({ slack }: TestVault, { id, name, size, user }: PayloadFile): Payload {
  const { teamId } = slack.workspace;
  const place = `${slack.url}/files-pri/${teamId}-${id}`;
  return {
    id,
    created: 1_795_420_000,
    timestamp: 1_795_420_000,
    name,
    title: name,
    mimetype: 'application/octet-stream',
    filetype: 'binary',
    pretty_type: 'Binary',
    user,
    user_team: teamId,
    editable: false,
    size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${place}/file`,
    url_private_download: `${place}/download/file`,
    media_display_type: 'unknown',
    permalink: `https://sandbox-inc.slack.com/files/${user}/${id}/file`,
    permalink_public: `https://slack-files.com/${teamId}-${id}-0`,
    has_rich_preview: false,
    file_access: 'visible',
  };
}

/** What remains of a deleted file in its messages. */
export const tombstone = (id: string): Payload => ({ id, mode: 'tombstone' });

/** What remains of an old file on the free plan. */
export const hiddenByLimit = (id: string): Payload => ({ id, mode: 'hidden_by_limit' });

/** What events say about a file of Slack Connect. */
export const checkFileInfo = (id: string): Payload => ({
  id,
  mode: 'file_access',
  file_access: 'check_file_info',
  created: 0,
  timestamp: 0,
  user: '',
});

export interface PayloadMessage {
  channel: string;
  user: string;
  ts: string;
  files: unknown[];
}

export const fileShare = ({ channel, user, ts, files }: PayloadMessage): Payload => ({
  type: 'message',
  subtype: 'file_share',
  text: '',
  files,
  upload: false,
  user,
  display_as_bot: false,
  ts,
  client_msg_id: randomUUID(),
  channel,
  channel_type: 'channel',
  event_ts: ts,
});

export const fileShared = (fileId: string, user: string, channel: string, ts: string): Payload => ({
  type: 'file_shared',
  file_id: fileId,
  user_id: user,
  file: { id: fileId },
  channel_id: channel,
  event_ts: ts,
});

export const fileDeleted = (fileId: string, channels: string[], ts: string): Payload => ({
  type: 'file_deleted',
  file_id: fileId,
  channel_ids: channels,
  event_ts: ts,
});

export const messageChanged = (before: PayloadMessage, files: unknown[]): Payload => ({
  type: 'message',
  subtype: 'message_changed',
  hidden: true,
  message: {
    type: 'message',
    text: '',
    files,
    user: before.user,
    edited: { user: before.user, ts: later(before.ts) },
    ts: before.ts,
  },
  previous_message: { type: 'message', text: '', files: before.files, user: before.user, ts: before.ts },
  channel: before.channel,
  channel_type: 'channel',
  ts: later(before.ts),
  event_ts: later(before.ts),
});

export const messageDeleted = (before: PayloadMessage): Payload => ({
  type: 'message',
  subtype: 'message_deleted',
  hidden: true,
  deleted_ts: before.ts,
  previous_message: { type: 'message', text: '', files: before.files, user: before.user, ts: before.ts },
  channel: before.channel,
  channel_type: 'channel',
  ts: later(before.ts),
  event_ts: later(before.ts),
});

export const channelIdChanged = (from: string, to: string): Payload => ({
  type: 'channel_id_changed',
  old_channel_id: from,
  new_channel_id: to,
  event_ts: '1795420001.000100',
});

/** A moment after a message. */
export function later(ts: string): string {
  return (Number(ts) + 1).toFixed(6);
}
