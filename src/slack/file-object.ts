import type { FileFacts, SharedFile, SkipReason } from '../catalog/model.ts';
import { isMade, type Kind, kindOf, servesTranscode } from '../file-kinds.ts';
import { recognised } from '../file-names.ts';
import type { ReadFile, SlackFile } from './file-shape.ts';
import { attachmentsMissing, attachmentsOf, mailFacts } from './mail.ts';
import { idOf, msOf, textOf } from './shapes.ts';

/** At most this many characters of a transcript are kept. */
const MAX_TRANSCRIPT = 20_000;
/** And of what a picture shows: Slack takes a thousand (docs.slack.dev/reference/methods/files.getUploadURLExternal). */
const MAX_ALT_TEXT = 2_000;

/**
 * Reads a file object, and the files that only it names: the attachments of an e-mail, and the transcript of a huddle
 * (in its notes). Each is a file of its own. Empty for an object without an id.
 */
export function readFiles(teamId: string, object: SlackFile): ReadFile[] {
  const read = readFileObject(teamId, object);
  if (read === undefined) return [];
  return [read, ...attachmentsOf(read.file, object), ...huddleTranscriptOf(read.file, object)];
}

/**
 * The transcript of the huddle with these notes. No recorded event ever named it, and Slack gives it to no bot
 * (paradigmxyz/centaur#1050). It is recorded with its notes, so that people see that it is not kept.
 */
function huddleTranscriptOf(notes: SharedFile, object: SlackFile): ReadFile[] {
  const fileId = idOf(object.huddle_transcript_file_id);
  if (fileId === null || fileId === notes.fileId) return [];
  const { teamId, uploaderId, createdAt } = notes;
  const transcript = { mode: 'huddle_transcript', filetype: 'huddle_transcript' };
  const file = {
    ...{ teamId, fileId, ...transcript, uploaderId, createdAt, complete: false },
    ...recognised({ name: null, title: 'Huddle transcript' }, transcript),
    ...{ mimetype: null, size: null, url: null, externalUrl: null, permalink: null },
  };
  return [{ file, skip: 'access_denied' }];
}

/**
 * Translates Slack's file object. Returns undefined when it has no id. `skip` says why the bytes are not fetched. A
 * file that is not `complete` needs `files.info` first (Slack Connect stubs, or a file that Slack has not finished
 * processing).
 */
export function readFileObject(teamId: string, file: SlackFile): ReadFile | undefined {
  const fileId = idOf(file.id);
  if (fileId === null) return undefined;
  const [mode, filetype] = [textOf(file.mode), textOf(file.filetype)];
  const external = file.is_external === true || mode === 'external' || mode === 'gdoc';
  const kind = kindOf({ mode, filetype });
  const url = external ? null : addressOf(file, kind);
  const facts = factsOf(teamId, file, kind, url);
  const made = isMade({ mode, filetype, url, facts });
  const size = isSize(file.size) && !made ? file.size : null;
  const skip = skipReason(file, kind, external);
  const updatedAt = msOf(file.updated);
  const complete = url !== null && (size !== null || made) && file.file_access !== 'check_file_info';
  const altText = altTextOf(file, complete || external);
  return {
    file: {
      teamId,
      fileId,
      ...recognised(
        { name: textOf(file.name), title: textOf(file.title) ?? textOf(file.subject) },
        { mode, filetype },
      ),
      mimetype: textOf(file.mimetype),
      filetype,
      mode,
      size,
      uploaderId: textOf(file.user),
      createdAt: msOf(file.created),
      url,
      externalUrl: external ? (textOf(file.external_url) ?? textOf(file.url_private)) : null,
      permalink: textOf(file.permalink),
      complete,
      ...(updatedAt === null ? {} : { updatedAt }),
      ...(altText === undefined ? {} : { altText }),
      ...(facts === undefined ? {} : { facts }),
    },
    ...(skip === undefined ? {} : { skip }),
  };
}

/** For an uploaded recording, `url_private` is a transcode and `url_private_download` the original. */
function addressOf(file: SlackFile, kind: Kind): string | null {
  if (kind === 'list') return textOf(file.list_csv_download_url);
  return textOf(file.url_private_download) ?? textOf(file.url_private);
}

function factsOf(teamId: string, file: SlackFile, kind: Kind, url: string | null): FileFacts | undefined {
  const isClip = file.subtype === 'slack_audio' || file.subtype === 'slack_video';
  const transcript = transcriptOf(file.transcription);
  const missing = kind === 'email' ? attachmentsMissing(file) : null;
  const userTeam = idOf(file.user_team);
  const altText = altTextOf(file, false);
  const facts: FileFacts = {
    ...(userTeam === null || userTeam === teamId ? {} : { userTeam }),
    ...(isClip || servesTranscode(url) ? { transcode: true } : {}),
    ...(transcript === null ? {} : { transcript }),
    ...(missing === null ? {} : { attachmentsMissing: missing }),
    ...(altText ? { altText } : {}),
    ...(kind === 'email' ? mailFacts(file) : {}),
  };
  return Object.keys(facts).length === 0 ? undefined : facts;
}

/**
 * How a picture is described. Null when a whole object does not say: Slack leaves `alt_txt` out of a file that has none (recorded
 * events, nyaruka/courier `handlers/slack`), and tells it in every kind of answer with whole files (the response types of Slack's own
 * `@slack/web-api`). Undefined when that is not known: in stubs, and for files that have none in Slack.
 */
function altTextOf(file: SlackFile, isWhole: boolean): string | null | undefined {
  const text = textOf(file.alt_txt)?.trim().slice(0, MAX_ALT_TEXT).toWellFormed();
  if (text) return text;
  const mayHaveOne = file.alt_txt !== undefined || textOf(file.mimetype)?.startsWith('image/') === true;
  return isWhole && mayHaveOne ? null : undefined;
}

function transcriptOf(transcription: SlackFile['transcription']): string | null {
  const preview = typeof transcription === 'object' ? transcription?.preview : null;
  const text = textOf(typeof preview === 'object' ? preview?.content : preview)?.trim();
  if (!text) return null;
  const cut = text.length > MAX_TRANSCRIPT;
  const isMore = typeof preview === 'object' && preview?.has_more === true;
  return `${text.slice(0, MAX_TRANSCRIPT)}${(cut || isMore) && !text.endsWith('…') ? '…' : ''}`;
}

function skipReason(file: SlackFile, kind: Kind, external: boolean): SkipReason | undefined {
  const { mode, file_access, is_hidden_by_limit } = file;
  if (mode === 'tombstone') return 'tombstone';
  if (mode === 'hidden_by_limit' || is_hidden_by_limit === true) return 'hidden_by_limit';
  if (external) return 'external';
  if (kind === 'huddle_transcript') return 'access_denied';
  if (file_access === 'access_denied') return 'access_denied';
  return undefined;
}

/** A count that a database can hold, also multiplied by a thousand. */
function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value * 1_000) && value >= 0;
}
