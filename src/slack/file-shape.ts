import type { SharedFile, SkipReason } from '../catalog/model.ts';

/** Slack's file object. Every field may be missing. Source: docs.slack.dev/reference/objects/file-object. */
export interface SlackFile {
  id?: string;
  created?: number;
  /** When it was last edited, in seconds. */
  updated?: number | null;
  name?: string | null;
  title?: string | null;
  mimetype?: string | null;
  filetype?: string | null;
  user?: string | null;
  /** The workspace of `user`; another one over Slack Connect. Source: docs.slack.dev/apis/slack-connect. */
  user_team?: unknown;
  mode?: string | null;
  /** `slack_audio` and `slack_video` are recorded in Slack. */
  subtype?: string | null;
  size?: number | null;
  is_external?: boolean;
  is_hidden_by_limit?: boolean;
  external_url?: string | null;
  url_private?: string | null;
  url_private_download?: string | null;
  permalink?: string | null;
  file_access?: string | null;
  /** Slack's transcript of a recording. Source of this shape: the Slack SDKs' types for the file object. */
  transcription?: {
    status?: string;
    preview?: { content?: string | null; has_more?: boolean } | null;
  } | null;
  /** The rows of a list's default view. */
  list_csv_download_url?: string | null;
  attachments?: MailAttachment[] | null;
  /** Only in a huddle's notes. */
  huddle_transcript_file_id?: unknown;
  original_attachment_count?: number | null;
  /** How a picture is described. Source: the Slack SDKs' types for the file object. */
  alt_txt?: unknown;
  /** What was written with it, in messages from before 2018. */
  initial_comment?: { comment?: unknown } | null;
  subject?: string | null;
  from?: unknown;
  plain_text?: string | null;
  simplified_html?: string | null;
  preview?: string | null;
  preview_plain_text?: string | null;
  shares?: Record<'public' | 'private', Record<string, SlackFileShare[]> | undefined>;
}

export interface SlackFileShare {
  ts?: string;
  thread_ts?: string;
  share_user_id?: string;
  is_silent_share?: boolean;
  source?: string;
}

export interface ReadFile {
  file: SharedFile;
  skip?: SkipReason;
}

/** An attachment of an e-mail. For Slack it is not a file of its own. Source: recordings in public projects' tests. */
export interface MailAttachment {
  filename?: string | null;
  size?: number | null;
  mimetype?: string | null;
  /** On files-origin.slack.com; its last part changes. */
  url?: string | null;
}
