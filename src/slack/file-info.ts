import type { FileInfo } from '../capture/capture.ts';
import type { FileRef, SkipReason } from '../catalog/model.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { readFiles, type SlackFile } from './file-object.ts';
import { type MailText, mailOf, mailText } from './mail.ts';
import { sharesOfFile } from './message-files.ts';

/** Slack's answers that are final. Source: docs.slack.dev/reference/methods/files.info. */
const GONE: Record<string, SkipReason> = {
  file_deleted: 'deleted_in_slack',
  file_not_found: 'deleted_in_slack',
  not_visible: 'access_denied',
  access_denied: 'access_denied',
  ekm_access_denied: 'access_denied',
  slack_connect_canvas_sharing_blocked: 'access_denied',
};

/**
 * Asks `files.info` about a file. Slack knows what was attached to an e-mail by its mail alone, so the mail is asked
 * about. Throws `SlackApiError` when Slack cannot say right now.
 */
export async function fileInfo(
  api: SlackApi,
  file: FileRef & { parentId?: string | null },
): Promise<FileInfo | { skip: SkipReason }> {
  const mailId = mailOf(file);
  try {
    const object = await fileObject(api, mailId ?? file.fileId);
    const [whole, ...attachments] = readFiles(file.teamId, object);
    if (whole === undefined) return { skip: 'deleted_in_slack' };
    const shares = sharesOfFile(object.shares);
    if (mailId === null) return { ...whole, shares, ...(attachments.length > 0 ? { attachments } : {}) };
    const at = attachments.findIndex((one) => one.file.fileId === file.fileId);
    const [own] = at < 0 ? [] : [attachments[at]];
    if (own !== undefined) return { ...own, shares: shares.map((share) => ({ ...share, position: at + 1 })) };
    // The mail is there without it, or not to be seen itself.
    return { skip: whole.skip ?? 'not_found' };
  } catch (error) {
    const skip = error instanceof SlackApiError ? GONE[error.code] : undefined;
    if (skip === undefined) throw error;
    return { skip };
  }
}

/**
 * The text of an e-mail as Slack's file object has it, for when Slack gives another page in place of the mail. Null
 * when there is none. Throws `SlackApiError`.
 */
export async function textOfMail(api: SlackApi, file: FileRef): Promise<MailText | null> {
  return mailText(await fileObject(api, file.fileId));
}

async function fileObject(api: SlackApi, fileId: string): Promise<SlackFile> {
  const { file } = await api.call<{ file?: SlackFile }>('files.info', { file: fileId });
  return typeof file === 'object' && file !== null ? file : {};
}
