/** What Slack's file object says about each kind beyond the common fields, and what differs. */
import type { FileRecord, Json } from '../types.ts';
import type { World } from '../world.ts';

/** The fields of a file's kind; they replace the common ones. */
export function kindFields(world: World, file: FileRecord): Json {
  return {
    ...clipFields(world, file),
    ...mailFields(world, file),
    ...canvasFields(world, file),
    ...listFields(world, file),
    ...linkFields(file),
    ...huddleFields(world, file),
    ...(file.updated === undefined ? {} : { updated: file.updated }),
  };
}

/** `<team>-<file>`, as all URLs of the file host begin. */
export function placeOf(world: World, file: FileRecord): string {
  return `${world.state.identity.teamId}-${file.id}`;
}

/**
 * A recorded clip: both URLs lead to a transcode under `/files-tmb/`, while size, name and type are those of the
 * recording (events of 2023, with a hash of ten hexadecimal digits: gregnwosu/slackbot, tests/slackbot; measured on live
 * Slack in 2026, 309,514 said, 171,187 sent: jdlien/goldfish, its plan for voice messages; a recorded screen:
 * gabrielmicro1/cdp-harness, make_slack_export_mini.py). Of an uploaded MP3 or MP4 only `url_private` is a transcode
 * (nyaruka/courier, handlers/slack tests). `transcription` was recorded with `none` (jdlien/goldfish), `processing`, and
 * `complete` with `locale` and `preview` (gregnwosu/slackbot).
 */
function clipFields(world: World, file: FileRecord): Json {
  const { clip } = file;
  if (clip === undefined) return {};
  const base = `${world.baseUrl}/files-tmb/${placeOf(world, file)}-${clip.hash}`;
  const url = `${base}/${clip.name}`;
  const { status, text } = clip.transcription;
  return {
    ...(clip.recorded ? { subtype: clip.kind === 'audio' ? 'slack_audio' : 'slack_video' } : {}),
    url_private: url,
    ...(clip.recorded ? { url_private_download: `${base}/download/${clip.name}` } : {}),
    media_display_type: clip.kind,
    duration_ms: clip.duration_ms,
    ...(clip.kind === 'audio' ? { aac: url } : clip.recorded ? { mp4_low: url } : { mp4: url }),
    transcription: {
      status,
      ...(status === 'complete' ? { locale: 'en-US', preview: { content: text, has_more: false } } : {}),
    },
  };
}

/**
 * An e-mail sent to a channel: one file by Slackbot. An attachment is not a Slack file, only a URL under
 * `/files-email-priv/` (ecochran76/slack-export, tests/test_backfill.py). The fields are those of Slack's published file
 * model (slackapi/java-slack-sdk, json-logs/samples/api/files.info.json); that `size` counts the attachments too and how
 * long a preview is, is read from few recordings.
 */
function mailFields(world: World, file: FileRecord): Json {
  const { mail } = file;
  if (mail === undefined) return {};
  const base = `${world.baseUrl}/files-email-priv/${placeOf(world, file)}`;
  return {
    bot_id: MAIL_BOT,
    editable: true,
    display_as_bot: true,
    username: 'Email',
    subject: mail.subject,
    from: [mail.from],
    to: [mail.to],
    cc: [],
    headers: {
      date: new Date(file.created * 1000).toUTCString(),
      in_reply_to: null,
      reply_to: null,
      message_id: mail.message_id,
    },
    plain_text: mail.plain,
    preview_plain_text: mail.plain.slice(0, 500),
    preview: mail.html.slice(0, 500),
    simplified_html: mail.html,
    has_more: false,
    sent_to_self: false,
    original_attachment_count: mail.attachments.length,
    inline_attachment_count: mail.attachments.filter((one) => one.inline).length,
    attachments: mail.attachments.map(({ filename, size, mimetype, hash }) => ({
      filename,
      size,
      mimetype,
      url: `${base}-${hash}/${encodeURIComponent(filename)}`,
      metadata: mimetype.startsWith('image/') ? { thumb_64: true, format: mimetype.slice(6) } : null,
    })),
  };
}

/** Slack's own bot that brings mails. */
export const MAIL_BOT = 'B0EMAILBOT1';

/**
 * A canvas: the name is its slug at creation, the title the real one, escaped; `size` is not the length of the
 * HTML that its URL gives (zulip/zulip slack_fixtures, recorded). Old posts (`docs`) look much the same
 * (wee-slack/wee-slack mock_data, recorded 2022), without `quip_thread_id`.
 */
function canvasFields(world: World, file: FileRecord): Json {
  const { canvas } = file;
  if (canvas === undefined) return {};
  const base = `${world.baseUrl}/files-pri/${placeOf(world, file)}`;
  const slug = file.mode === 'quip' ? 'canvas' : (file.name ?? 'post').toLowerCase();
  const notes = canvas.huddle_transcript;
  return {
    url_private: `${base}/${slug}`,
    url_private_download: `${base}/download/${slug}`,
    permalink: `${world.baseUrl}/docs/${world.state.identity.teamId}/${file.id}`,
    editable: notes === undefined,
    ...(file.mode === 'quip'
      ? {
          quip_thread_id: canvas.quip_thread_id,
          access: 'owner',
          org_or_workspace_access: 'none',
          canvas_creator_id: file.user,
        }
      : {}),
    ...(notes === undefined ? {} : { is_huddle_canvas: true, huddle_transcript_file_id: notes }),
  };
}

/**
 * A list: `list_csv_download_url` gives the rows of the default view only (one public project saw 24 of 36 rows);
 * the fields are those of java-slack-sdk's and python-slack-sdk's models of a list's file object, and of SlackNet's
 * `ListLimits`; the limits' numbers are those of docs.slack.dev/reference/objects/file-object, "Lists-related
 * properties". The permalink: gabrielmicro1/cdp-harness, tests/fixtures/make_slack_export_mini.py (made after a real
 * export).
 */
function listFields(world: World, file: FileRecord): Json {
  const { list } = file;
  if (list === undefined) return {};
  const base = `${world.baseUrl}/files-pri/${placeOf(world, file)}`;
  return {
    url_private: `${base}/list`,
    url_private_download: `${base}/download/list`,
    permalink: `${world.baseUrl}/lists/${world.state.identity.teamId}/${file.id}`,
    editable: true,
    list_csv_download_url: `${base}/csv/list`,
    list_metadata: {
      schema: list.columns.map((column, at) => ({ ...column, is_primary_column: at === 0 })),
      views: [{ id: 'View01', name: 'Table', type: 'table', is_all_items_view: false }],
      default_view: 'View01',
    },
    list_limits: {
      over_row_maximum: false,
      row_count: list.rows.length,
      row_count_limit: 1000,
      archived_row_count: 0,
      over_column_maximum: false,
      column_count: list.columns.length,
      column_count_limit: 30,
    },
  };
}

/**
 * A file that lives elsewhere. Google Drive: an empty `url_private_download` and a size that is not zero
 * (rusq/slackdump fixtures, recorded 2025). A remote file of an app, which has neither a download address nor a public
 * one: docs.slack.dev/reference/methods/files.remote.share.
 */
function linkFields(file: FileRecord): Json {
  const { link } = file;
  if (link === undefined) return {};
  const app = link.kind === 'remote';
  return {
    is_external: true,
    external_type: app ? 'app' : link.kind,
    url_private: link.url,
    external_id: app ? file.id : undefined,
    external_url: app ? link.url : undefined,
    ...(app ? {} : { url_private_download: '' }),
    permalink_public: app ? undefined : '',
    editable: false,
  };
}

/**
 * A huddle's transcript: Slack offers URLs, but a bot is not let through (paradigmxyz/centaur#1050). Its fields:
 * gabrielmicro1/cdp-harness, tests/fixtures/make_slack_export_mini.py.
 */
function huddleFields(world: World, file: FileRecord): Json {
  if (file.mode !== 'huddle_transcript') return {};
  const base = `${world.baseUrl}/files-pri/${placeOf(world, file)}`;
  return {
    url_private: `${base}/huddle_transcript`,
    url_private_download: `${base}/download/huddle_transcript`,
    editable: true,
  };
}
