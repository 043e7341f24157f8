/**
 * Builds archives as Slack and the tools around it write them. Their shapes are held against Slack's help page "How to read
 * Slack data exports", slackdump's help for `export`, `dump` and its chunk files, and what the importers of Zulip and Mattermost read.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { ZipFile } from 'yazl';

export const TEAM = 'T0EXPORT1';

export interface ExportedFile {
  id: string;
  name: string;
  bytes: Buffer;
  /** Fields of Slack's file object that differ. */
  object?: Record<string, unknown>;
}

export interface ExportedMessage {
  /** In ms. */
  at: number;
  /** As Slack gave it; made from the moment if missing. */
  ts?: string;
  user: string;
  files: ExportedFile[];
}

export interface ExportedConversation {
  id: string;
  list: 'channels' | 'groups' | 'mpims' | 'dms';
  name?: string;
  members?: string[];
  messages: ExportedMessage[];
}

export type Contents = Map<string, Buffer>;

export interface ExportFacts {
  /** In the address of each file; null: none. */
  token: string | null;
  base: string;
  team: string;
}

/** Slack's own export of one workspace. The address of a file has the export's token, as Slack writes it. */
export function slackExport(
  conversations: ExportedConversation[],
  { token = 'xoxe-1-2-3', base = 'https://files.slack.com', team = TEAM }: Partial<ExportFacts> = {},
): Contents {
  const files: Contents = new Map();
  const put = (path: string, value: unknown) => files.set(path, Buffer.from(JSON.stringify(value, null, 4)));
  put('users.json', [
    { id: 'U0GUEST', team_id: 'T0OTHER' },
    ...['U0ANNA', 'U0BEN', 'U0CLEO'].map((id) => ({
      id,
      team_id: team,
      name: id.toLowerCase(),
      deleted: false,
    })),
  ]);
  put('integration_logs.json', []);
  for (const list of ['channels', 'groups', 'mpims', 'dms'] as const) {
    const own = conversations.filter((one) => one.list === list);
    if (own.length === 0 && list !== 'channels') continue;
    put(
      `${list}.json`,
      own.map(({ id, name, members = [] }) => ({
        ...{ id, ...(name === undefined ? {} : { name }), created: 1_600_000_000, members },
        ...(list === 'dms' ? {} : { is_archived: false, is_general: false }),
      })),
    );
  }
  for (const { id, name, messages } of conversations) {
    const days = Map.groupBy(messages, ({ at }) => new Date(at).toISOString().slice(0, 10));
    for (const [day, list] of days)
      put(
        `${name ?? id}/${day}.json`,
        list.map(({ at, ts, user, files: shared }, i) => ({
          ...{ type: 'message', upload: true, user, text: 'here it is', user_team: team, source_team: team },
          ts: ts ?? `${Math.floor(at / 1000)}.${String(i + 1).padStart(6, '0')}`,
          files: shared.map((file) => fileObject(file, user, at, token, base, team)),
        })),
      );
  }
  return files;
}

const tsOf = (at: number) => `${Math.floor(at / 1000)}.000001`;

function fileObject(
  { id, name, bytes, object = {} }: ExportedFile,
  user: string,
  at: number,
  token: string | null,
  base: string,
  team: string = TEAM,
): Record<string, unknown> {
  const end = token === null ? '' : `?t=${token}`;
  return {
    ...{ id, created: Math.floor(at / 1000), timestamp: Math.floor(at / 1000), name, title: name },
    ...{ mimetype: 'application/octet-stream', filetype: 'binary', pretty_type: 'Binary', user },
    ...{ user_team: team, editable: false, size: bytes.length, mode: 'hosted', is_external: false },
    ...{ is_public: true, url_private: `${base}/files-pri/${team}-${id}/${name}${end}` },
    url_private_download: `${base}/files-pri/${team}-${id}/download/${name}${end}`,
    ...{ permalink: `https://example.slack.com/files/${user}/${id}/${name}`, has_rich_preview: false },
    ...object,
  };
}

/** Adds the files' bytes where tools put them. */
export function withBytes(
  contents: Contents,
  conversations: ExportedConversation[],
  way: 'uploads' | 'attachments',
): Contents {
  for (const { id, name: channel, messages } of conversations)
    for (const { files } of messages)
      for (const { id: fileId, name, bytes } of files) {
        const path =
          way === 'uploads'
            ? `__uploads/${fileId}/${name}`
            : `${channel ?? id}/attachments/${fileId}-${name}`;
        contents.set(path, bytes);
      }
  return contents;
}

/** Writes a zip file. */
export async function writeZip(path: string, contents: Contents): Promise<string> {
  const zip = new ZipFile();
  for (const [name, bytes] of contents) zip.addBuffer(bytes, name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

/** Writes the same as a folder. */
export function writeFolder(path: string, contents: Contents): string {
  for (const [name, bytes] of contents) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}

/** The database of a slackdump archive, with the columns that its migrations make. A message is there twice, as after a resume. */
export function slackdumpDatabase(path: string, conversations: ExportedConversation[], team = TEAM): string {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  db.exec(`
    create table CHUNK (ID integer primary key, UNIX_TS integer, SESSION_ID integer, TYPE_ID smallint);
    create table WORKSPACE (ID integer primary key, CHUNK_ID integer not null, TEAM text not null, TEAM_ID text not null,
      USER_ID text not null, URL text not null, DATA blob not null);
    create table CHANNEL (ID text not null, CHUNK_ID integer not null, NAME text, IDX integer not null, DATA blob not null,
      primary key (ID, CHUNK_ID));
    create table MESSAGE (ID integer not null, CHUNK_ID integer not null, CHANNEL_ID text not null, TS text not null,
      NUM_FILES integer not null default 0, TXT text, DATA blob not null, primary key (ID, CHUNK_ID))`);
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  db.exec('begin');
  db.prepare('insert into WORKSPACE values (1, 1, ?, ?, ?, ?, ?)').run(
    'Example',
    team,
    'U0ANNA',
    'https://example.slack.com/',
    json({}),
  );
  let id = 0;
  for (const { id: channelId, list, name, members, messages } of conversations) {
    const isIm = list === 'dms';
    const told = {
      id: channelId,
      is_im: isIm,
      is_mpim: list === 'mpims',
      is_private: list !== 'channels',
      name,
      user: isIm ? members?.[1] : undefined,
    };
    db.prepare('insert into CHANNEL values (?, 1, ?, 0, ?)').run(channelId, name ?? null, json(told));
    for (const { at, user, files, ts = tsOf(at) } of messages) {
      const objects = files.map((file) => fileObject(file, user, at, null, 'https://files.slack.com', team));
      id += 1;
      for (const chunk of [1, 2])
        db.prepare('insert into MESSAGE values (?, ?, ?, ?, ?, ?, ?)').run(
          id,
          chunk,
          channelId,
          ts,
          files.length,
          '',
          json({ type: 'message', ts, user, files: objects }),
        );
    }
  }
  db.exec('commit');
  db.close();
  return path;
}

/** What `slackdump dump` writes for each conversation. */
export function slackdumpDump(conversations: ExportedConversation[], team = TEAM): Contents {
  const contents: Contents = new Map();
  for (const { id, name, messages } of conversations) {
    const told = messages.map(({ at, user, files, ts = tsOf(at) }) => ({
      ...{ type: 'message', user, ts },
      files: files.map((file) => fileObject(file, user, at, null, 'https://files.slack.com', team)),
    }));
    contents.set(
      `${id}.json`,
      Buffer.from(JSON.stringify({ channel_id: id, name: name ?? '', messages: told })),
    );
    for (const { files } of messages)
      for (const { id: fileId, name: file, bytes } of files) contents.set(`${id}/${fileId}-${file}`, bytes);
  }
  return contents;
}

/** An archive of slackdump 3.0: JSON Lines packed with gzip, a line for each answer of Slack. */
export function slackdumpChunks(conversations: ExportedConversation[], team = TEAM): Contents {
  const contents: Contents = new Map();
  const put = (path: string, lines: unknown[]) =>
    contents.set(path, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  const channels = conversations.map(({ id, list, name, members }) => ({
    ...{ id, name: name ?? '', is_im: list === 'dms', is_mpim: list === 'mpims' },
    ...{ is_private: list !== 'channels', user: list === 'dms' ? members?.[1] : undefined },
  }));
  put('workspace.json.gz', [{ t: 6, ts: 1, w: { team_id: team, user_id: 'U0ANNA' } }]);
  put('channels.json.gz', [{ t: 4, ts: 1, ch: channels }]);
  for (const [i, { id, messages }] of conversations.entries())
    put(`${id}.json.gz`, [
      { t: 5, ts: 1, id, ci: channels[i] },
      ...messages.map(({ at, user, files, ts = tsOf(at) }) => {
        const objects = files.map((file) =>
          fileObject(file, user, at, null, 'https://files.slack.com', team),
        );
        return { t: 0, ts: 1, id, n: 1, m: [{ type: 'message', ts, user, files: objects }] };
      }),
    ]);
  return withBytes(contents, conversations, 'uploads');
}

/**
 * Anna's export as TXT, with the bytes in `files/`; `names` are user names by id. Two more direct messages, without files, tell
 * whose it is.
 */
export function textExport(
  conversations: ExportedConversation[],
  names: Record<string, string>,
  root = `slack-export-${TEAM}-1683000000`,
): Contents {
  const contents: Contents = new Map();
  const moment = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  for (const { id, list, name, members = [], messages } of conversations) {
    const people = members.map((one) => names[one]);
    const called = name ?? people.join('-');
    const head = list === 'channels' || list === 'groups' ? `Channel Name: #${name}` : null;
    const lines = [
      head ?? `Private conversation between ${people.join(', ')}`,
      `Channel ID: ${id}`,
      `Created: ${moment(1_600_000_000_000)}${head === null ? '' : ' by anna'}`,
      `Type: ${{ channels: 'Channel', groups: 'Channel', mpims: 'Multi-Party Direct Message', dms: 'Direct Message' }[list]}`,
      ...['', '#'.repeat(65), '', 'Messages:', ''],
      ...messages.flatMap(({ at, user, files }) => [
        `---- ${moment(at).slice(0, 10)} ----`,
        `[${moment(at)}] <${names[user]}> good morning`,
        `[${moment(at)}] ${names[user]} shared file(s) ${files.map((one) => one.id).join(', ')} with text: here it is`,
        '    :tada: cleo',
      ]),
    ];
    const folder = list === 'channels' || list === 'groups' ? 'channels' : 'dms';
    contents.set(`${root}/${folder}/${called}/${called}.txt`, Buffer.from(`${lines.join('\n')}\n`));
    for (const { files } of messages)
      for (const { id: fileId, name: file, bytes } of files)
        contents.set(`${root}/files/${fileId}-${file}`, bytes);
  }
  for (const [name, id] of [
    ['cleo', 'D0ANNACLE'],
    ['dora', 'D0ANNADOR'],
  ])
    contents.set(
      `${root}/dms/${name}.txt`,
      Buffer.from(`Private conversation between ${names.U0ANNA}, ${name}\nChannel ID: ${id}\n\nMessages:\n`),
    );
  return contents;
}
