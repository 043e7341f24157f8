/** What is known of a file besides its description. Every part may be missing. */
export interface FileFacts {
  /** Slack keeps only a transcode of this clip: the original recording is not available any more. */
  transcode?: boolean;
  /** The words spoken in a clip, as far as Slack has written them down. */
  transcript?: string;
  /** How a picture is described. Who sent an e-mail, and its text, or the beginning of it. */
  altText?: string;
  /** When Slack told that, or that the picture is described no more (ms), where that was changed since the file was shared. */
  altTextAt?: number;
  mailFrom?: string;
  mailText?: string;
  /** Where an e-mail's text came from: the page that Slack renders, or the text in the file object. */
  mailBody?: 'page' | 'html' | 'plain' | 'preview';
  /** Attachments of an e-mail that Slack counts but does not offer. */
  attachmentsMissing?: number;
  /** Which part of a Slack List was fetched: all rows with their threads, or the default view only. */
  listRows?: 'all' | 'default_view';
  /** It had no content yet when it was stored, like a canvas just made. */
  blank?: boolean;
  /** The workspace of who uploaded it, where Slack names another one than ours (it may be one of our organisation). */
  userTeam?: string;
  /** Somebody of another organisation uploaded it, over Slack Connect. */
  outside?: boolean;
  /** It came with an import, as "the export of 2023-05-01". Never set for a file that the vault knew before. */
  importedFrom?: string;
}
