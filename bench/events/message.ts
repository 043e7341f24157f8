import { randomBytes } from 'node:crypto';

export const TEAM = 'T0BENCH';
export const BOT_USER = 'U0BOT';
const APP = 'A0BENCH';
const SIZE = 4 * 1024;
const PEOPLE = 50;

/** The channels that the bot is in. */
export const CHANNELS = Array.from({ length: 20 }, (_, index) => `C0BENCH${index}`);

/** The content of every file. */
export const CONTENT = randomBytes(SIZE);

/** An event as Slack sends it, before its envelope is put around it. */
export type SlackEvent = Record<string, unknown>;

/**
 * Somebody shares a small file of their own in a message: the event that Slack sends of it, with the file object in
 * full. Each number makes a file, a name and a message of its own; people and channels take turns.
 */
export function sharedFile(number: number, slackUrl: string): SlackEvent {
  const user = `U0PERSON${number % PEOPLE}`;
  const ts = `${Math.floor(Date.now() / 1_000)}.${String(number % 1_000_000).padStart(6, '0')}`;
  return {
    type: 'message',
    subtype: 'file_share',
    text: 'The figures that I promised.',
    user,
    ts,
    event_ts: ts,
    channel: CHANNELS[number % CHANNELS.length],
    channel_type: 'channel',
    upload: false,
    display_as_bot: false,
    files: [fileObject(fileId(number), user, slackUrl)],
  };
}

/** The id of the file that the event of this number shares. */
export const fileId = (number: number) => `F0BENCH${String(number).padStart(6, '0')}`;

/** Somebody opens the App Home. */
export function homeOpened(user: string): SlackEvent {
  return { type: 'app_home_opened', user, channel: `D${user}`, tab: 'home', event_ts: '1.000000' };
}

/** An event in its envelope: the body of a delivery. */
export function envelope(event: SlackEvent, number: number): Record<string, unknown> {
  return {
    token: 'not-used-any-more',
    team_id: TEAM,
    context_team_id: TEAM,
    context_enterprise_id: null,
    api_app_id: APP,
    event,
    type: 'event_callback',
    event_id: `Ev0BENCH${number}`,
    event_time: Math.floor(Date.now() / 1_000),
    authorizations: [
      { enterprise_id: null, team_id: TEAM, user_id: BOT_USER, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${APP}-${number}`,
  };
}

/** A file object with the fields that Slack sends. Source: docs.slack.dev/reference/objects/file-object. */
function fileObject(id: string, user: string, slackUrl: string): Record<string, unknown> {
  const name = `Figures ${id}.csv`;
  const path = `${slackUrl}/files-pri/${TEAM}-${id}`;
  const created = Math.floor(Date.now() / 1_000);
  return {
    ...{ id, created, timestamp: created, name, title: name, size: SIZE, user, user_team: TEAM },
    ...{ mimetype: 'text/csv', filetype: 'csv', pretty_type: 'CSV', mode: 'hosted', editable: false },
    ...{ is_external: false, external_type: '', is_public: true, public_url_shared: false },
    ...{ display_as_bot: false, username: '', has_rich_preview: false, file_access: 'visible' },
    url_private: `${path}/figures.csv`,
    url_private_download: `${path}/download/figures.csv`,
    permalink: `${slackUrl}/files/${user}/${id}/figures.csv`,
    permalink_public: `${slackUrl}/files/${TEAM}-${id}-0`,
  };
}
