/** What the sandbox's Slack knows of a file beyond its name and size: one record for each kind. */

/** A voice or video message recorded in Slack, or the transcode beside an uploaded MP3 or MP4. */
export interface ClipFacts {
  kind: 'audio' | 'video';
  /** Recorded in Slack: then both URLs lead to the transcode. Otherwise only `url_private` does. */
  recorded: boolean;
  /** The last part of `<team>-<file>-<hash>` in the URLs under `/files-tmb/`. */
  hash: string;
  /** The transcode's name in its URL. */
  name: string;
  duration_ms: number;
  transcription: { status: 'none' | 'processing' | 'complete'; text?: string };
}

export interface MailAttachment {
  filename: string;
  size: number;
  mimetype: string;
  inline: boolean;
  /** The last two parts of `<team>-<file>-<hash>-<hash>` in the URL. */
  hash: string;
}

/** An e-mail sent to a channel. */
export interface MailFacts {
  subject: string;
  from: MailAddress;
  to: MailAddress;
  plain: string;
  html: string;
  /** What the URL of the body gives. */
  body: 'mail' | 'sign_in' | 'web_page';
  message_id: string;
  attachments: MailAttachment[];
}

export interface MailAddress {
  address: string;
  name: string;
  original: string;
}

/** A canvas, or one of the posts that came before canvases. */
export interface CanvasFacts {
  quip_thread_id: string;
  /** It is empty. */
  empty: boolean;
  /** Set on the notes that Slack AI writes after a huddle. */
  huddle_transcript?: string;
}

export interface ListColumn {
  id: string;
  name: string;
  key: string;
  type: string;
}

export interface ListFacts {
  columns: ListColumn[];
  rows: string[][];
  /** Rows that the default view shows; the others are filtered out. */
  view: number;
  /** Export jobs: how often each was asked for. */
  jobs: Record<string, { format: 'csv' | 'json'; asked: number }>;
}

/** Where a linked file lives. */
export interface LinkFacts {
  kind: LinkKind;
  url: string;
}

export type LinkKind = 'gdrive' | 'dropbox' | 'onedrive' | 'remote';

/** What a file is, if it is more than bytes with a name. */
export interface KindFacts {
  clip?: ClipFacts;
  mail?: MailFacts;
  canvas?: CanvasFacts;
  list?: ListFacts;
  link?: LinkFacts;
}
