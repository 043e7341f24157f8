/** Slack's file object, and the file type that a name suggests. */
import { kindFields, placeOf } from './kinds/shown.ts';
import { contextTeam } from './organisation.ts';
import type { PageFile } from './page-api.ts';
import type { FileRecord, Json, ShareRecord } from './types.ts';
import type { World } from './world.ts';

interface FileType {
  filetype: string;
  pretty: string;
  mimetype: string;
}

const TYPES: Record<string, [pretty: string, mimetype: string, filetype?: string]> = {
  bmp: ['BMP', 'image/bmp'],
  csv: ['CSV', 'text/csv'],
  docx: ['Word Document', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  gif: ['GIF', 'image/gif'],
  gz: ['Gzip', 'application/gzip', 'gzip'],
  htm: ['HTML', 'text/html', 'html'],
  html: ['HTML', 'text/html'],
  jpeg: ['JPEG', 'image/jpeg', 'jpg'],
  jpg: ['JPEG', 'image/jpeg'],
  js: ['JavaScript/JSON', 'text/plain', 'javascript'],
  json: ['JSON', 'application/json'],
  m4a: ['MPEG 4 Audio', 'audio/mp4'],
  md: ['Markdown (raw)', 'text/plain', 'markdown'],
  mov: ['QuickTime Movie', 'video/quicktime'],
  mp3: ['MP3', 'audio/mpeg'],
  mp4: ['MPEG 4 Video', 'video/mp4'],
  pdf: ['PDF', 'application/pdf'],
  png: ['PNG', 'image/png'],
  pptx: [
    'PowerPoint Presentation',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ],
  svg: ['SVG', 'image/svg+xml'],
  tar: ['Tarball', 'application/x-tar'],
  txt: ['Plain Text', 'text/plain', 'text'],
  webm: ['WebM', 'video/webm'],
  webp: ['WebP', 'image/webp'],
  xlsx: ['Excel Spreadsheet', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  xml: ['XML', 'application/xml'],
  zip: ['Zip', 'application/zip'],
};

/** The type Slack would give to a file of this name. Unknown endings are `binary`. */
export function typeOfName(name: string | null): FileType {
  const ending = /\.([A-Za-z0-9]+)$/.exec(name ?? '')?.[1]?.toLowerCase();
  const known = ending === undefined || !Object.hasOwn(TYPES, ending) ? undefined : TYPES[ending];
  if (known === undefined) {
    return { filetype: 'binary', pretty: 'Binary', mimetype: 'application/octet-stream' };
  }
  return { filetype: known[2] ?? ending ?? '', pretty: known[0], mimetype: known[1] };
}

/** The file as the API and the events show it. A deleted one is only a tombstone. */
export function fileObject(world: World, file: FileRecord): Json {
  const form = world.faults.fileForm(file.id);
  if (file.deleted || form === 'tombstone') return { id: file.id, mode: 'tombstone' };
  if (form === 'hidden_by_limit') return { id: file.id, mode: 'hidden_by_limit' };
  if (form === 'access_denied') return stub(file, 'access_denied');
  const teamId = contextTeam(world, { user: file.user });
  const isImage = file.mimetype.startsWith('image/');
  const external = file.mode === 'external' || form === 'external';
  const name = encodeURIComponent(urlName(file));
  const base = `${world.baseUrl}/files-pri/${placeOf(world, file)}`;
  const externalUrl = file.external_url ?? `https://drive.example.com/${file.id}/${name}`;
  const by = (kind: string) => shareChannels(world, file, kind);
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.filetype,
    pretty_type: file.pretty_type,
    user: file.user,
    user_team: teamOfUploader(world, file) ?? teamId,
    editable: file.mode === 'snippet',
    size: file.size,
    mode: external ? 'external' : file.mode,
    is_external: external,
    external_type: external ? 'unknown' : '',
    ...(external ? { external_id: file.id, external_url: externalUrl } : {}),
    is_public: by('public').length > 0,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: external ? externalUrl : `${base}/${name}`,
    ...(external ? {} : { url_private_download: `${base}/download/${name}` }),
    ...(isImage && !external ? { thumb_64: `${base}/${name}`, thumb_360: `${base}/${name}` } : {}),
    media_display_type: 'unknown',
    permalink: `${world.baseUrl}/files/${file.user}/${file.id}/${name}`,
    permalink_public: `${world.baseUrl}/files/${placeOf(world, file)}-0`,
    ...(file.mode === 'snippet'
      ? { edit_link: `${world.baseUrl}/files/${file.user}/${file.id}/${name}/edit` }
      : {}),
    comments_count: 0,
    is_starred: false,
    channels: by('public'),
    groups: by('private'),
    ims: [...by('im'), ...by('mpim')],
    shares: sharesObject(world, file),
    has_more_shares: false,
    has_rich_preview: false,
    file_access: 'visible',
    ...kindFields(world, file),
  };
}

/**
 * Over Slack Connect, the workspace of who uploaded it (docs.slack.dev/apis/slack-connect); of people in an organisation,
 * too, whose `team_id` may be another workspace's of it.
 */
function teamOfUploader(world: World, file: FileRecord): string | undefined {
  return world.state.people.get(file.user)?.grid?.team_id ?? undefined;
}

/** What remains if a file may not be seen, or not yet (docs.slack.dev/apis/slack-connect). */
function stub(file: FileRecord, file_access: 'access_denied' | 'check_file_info'): Json {
  return { id: file.id, mode: 'file_access', file_access, created: 0, timestamp: 0, user: '' };
}

/**
 * Whether `files.info` does not know a file yet. In this time events and messages carry no URL and no type of it, and
 * `files.list` leaves it out. That both methods are late together is our reading; no recording found.
 */
export function isNotYet(world: World, file: FileRecord): boolean {
  return (file.ready_at ?? 0) > Date.now() || world.faults.isNotYet(file.id);
}

/** The file as an event carries it: mostly the same, but faults may leave only a stub. */
export function fileInEvent(world: World, file: FileRecord): Json {
  const form = world.faults.eventStub(file.id);
  const whole = withoutPlaces(fileObject(world, file));
  if (form === 'check_file_info') return stub(file, 'check_file_info');
  return form === 'no_url' || isNotYet(world, file) ? withoutUrl(whole) : whole;
}

/** The file as it is in a message that the API returns. */
export function fileInMessage(world: World, file: FileRecord): Json {
  const whole = withoutPlaces(fileObject(world, file));
  return isNotYet(world, file) ? withoutUrl(whole) : whole;
}

/**
 * In a message, delivered or read back, a file does not say where else it is shared. Recorded: nyaruka/courier (2022),
 * the Slack fixtures of zulip/zulip, and rusq/slackdump, which reads the API.
 */
function withoutPlaces({
  channels,
  groups,
  ims,
  shares,
  has_more_shares,
  comments_count,
  ...rest
}: Json): Json {
  return rest;
}

/** An external file is never late: Slack has nothing to prepare. */
function withoutUrl(whole: Json): Json {
  if (whole.is_external === true) return whole;
  const { url_private, url_private_download, mimetype, filetype, ...rest } = whole;
  return { ...rest, mimetype: '', filetype: '' };
}

/** The file as the sandbox's page shows it. */
export function pageFile(world: World, file: FileRecord): PageFile {
  const shown = fileObject(world, file);
  return {
    id: file.id,
    name: shown.name ?? null,
    title: shown.title ?? null,
    mimetype: shown.mimetype ?? '',
    filetype: shown.filetype ?? '',
    size: shown.size ?? 0,
    user: file.user,
    mode: shown.mode,
    ...pageFacts(file),
  };
}

function pageFacts(file: FileRecord): Partial<PageFile> {
  const { clip, mail, list, link, canvas } = file;
  return {
    ...(clip?.recorded ? { clip: clip.kind, transcript: clip.transcription.text ?? '' } : {}),
    ...(mail === undefined
      ? {}
      : { mail: { from: mail.from.original, plain: mail.plain, attachments: mail.attachments } }),
    ...(list === undefined ? {} : { rows: list.rows.length }),
    ...(link === undefined ? {} : { external_url: link.url }),
    ...(canvas === undefined ? {} : { is_empty: canvas.empty }),
    ...(canvas !== undefined || list !== undefined || file.mode === 'snippet' ? { editable: true } : {}),
  };
}

/**
 * The name in the file's URLs: Slack keeps lower case letters, digits, `-`, `_` and `.`, and puts `_` for each other
 * byte: `無題` becomes `______` (recorded in 2025, forrep/ossans_navi, tests/type/slack_messages_sample.py).
 */
function urlName(file: FileRecord): string {
  const bytes = Buffer.from((file.name ?? '').toLowerCase()).toString('latin1');
  const simple = bytes.replace(/[^a-z0-9._-]/g, '_');
  return simple === '' || /^\.*$/.test(simple) ? 'file' : simple;
}

function shareChannels(world: World, file: FileRecord, kind: string): string[] {
  const channels = file.shares
    .map((share) => share.channel)
    .filter((id) => world.state.channels.get(id)?.kind === kind);
  return [...new Set(channels)];
}

function sharesObject(world: World, file: FileRecord): Json {
  const shares: { public?: Record<string, Json[]>; private?: Record<string, Json[]> } = {};
  for (const share of file.shares) {
    const channel = world.state.channels.get(share.channel);
    if (channel === undefined) continue;
    const side = channel.kind === 'public' ? 'public' : 'private';
    const places = shares[side] ?? {};
    shares[side] = places;
    places[share.channel] = [...(places[share.channel] ?? []), shareObject(world, share, channel.name)];
  }
  return shares;
}

/** A silent share as a canvas on a tab has it: recorded by curie-eng/curie, apps/api/tests/test_channel_canvas.py. */
function shareObject(world: World, share: ShareRecord, channelName: string): Json {
  const replies = world.state.messages.replies(share.channel, share.ts);
  return {
    reply_users: [...new Set(replies.map((reply) => reply.user))],
    reply_users_count: new Set(replies.map((reply) => reply.user)).size,
    reply_count: replies.length,
    ts: share.ts,
    ...(share.thread_ts === undefined ? {} : { thread_ts: share.thread_ts }),
    channel_name: channelName,
    team_id: world.state.identity.teamId,
    share_user_id: share.user,
    ...(share.silent ? { access: 'write' } : {}),
    source: share.silent ? 'CHANNEL_TAB' : 'UNKNOWN',
    is_silent_share: share.silent === true,
  };
}
