import type { FileInfo } from '../capture/capture.ts';
import type { MailBody } from '../capture/other-bodies.ts';
import type { Refusal } from '../capture/refusal.ts';
import type { FileRef, SkipReason } from '../catalog/model.ts';
import { kindOf, mailOf } from '../file-kinds.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { unexpectedAnswer } from './api-error.ts';
import { readFiles } from './file-object.ts';
import type { SlackFile } from './file-shape.ts';
import { mailText } from './mail.ts';
import { sharesOfFile } from './message-files.ts';

/**
 * Slack's answers that are final. Each is also the code of the refusal.
 * Source: docs.slack.dev/reference/methods/files.info, "Errors".
 */
const REFUSED_FOR_GOOD = new Set([
  'canvas_globally_disabled',
  'canvas_disabled_user_team',
  'canvas_disabled_file_team',
  'template_not_visible',
  'slack_connect_canvas_sharing_blocked',
  'ekm_access_denied',
]);

/**
 * Answers that Slack also gives for a file that it does not know yet, or while the bot is not in the file's channel.
 * Seen in public issue threads: `file_not_found` some seconds after `file_shared`, and for files of channels that the
 * app is not in.
 */
const PASSING: Record<string, SkipReason> = {
  file_not_found: 'not_found',
  not_visible: 'access_denied',
  access_denied: 'access_denied',
};

/**
 * Asks `files.info` about a file. Slack knows an attachment only as part of its e-mail. So for an attachment, the
 * e-mail is asked about. Throws `SlackApiError` when Slack cannot answer right now.
 */
export async function fileInfo(
  api: SlackApi,
  file: FileRef & { parentId?: string | null },
): Promise<FileInfo | Refusal> {
  const mailId = mailOf(file);
  try {
    const object = await fileObject(api, mailId ?? file.fileId);
    const [whole, ...attachments] = readFiles(file.teamId, object);
    // An object without this id is not an answer about this file.
    if (whole === undefined || whole.file.fileId !== (mailId ?? file.fileId))
      throw unexpectedAnswer('files.info');
    // Slack shows the object but does not give the bot the file, perhaps only for now.
    const passing = whole.skip === 'access_denied' && kindOf(whole.file) !== 'huddle_transcript';
    const shares = sharesOfFile(object.shares);
    if (mailId === null)
      return {
        ...whole,
        shares,
        ...(passing ? { passing } : {}),
        ...(attachments.length > 0 ? { attachments } : {}),
      };
    const at = attachments.findIndex((one) => one.file.fileId === file.fileId);
    const own = attachments[at];
    if (own !== undefined) return { ...own, shares: shares.map((share) => ({ ...share, position: at + 1 })) };
    // The e-mail does not contain the attachment, or Slack does not show the e-mail.
    if (whole.skip !== undefined) return { skip: whole.skip, ...(passing ? { passing } : {}) };
    return { skip: 'not_found', passing: true };
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    const { code } = error;
    if (code === 'file_deleted') return { skip: 'deleted_in_slack' };
    if (REFUSED_FOR_GOOD.has(code)) return { skip: 'access_denied', code };
    const skip = Object.hasOwn(PASSING, code) ? PASSING[code] : undefined;
    if (skip === undefined) throw error;
    return { skip, passing: true };
  }
}

/**
 * The text of an e-mail in Slack's file object, or null. It is used when Slack gives another page instead of the
 * e-mail. Throws `SlackApiError`.
 */
export async function textOfMail(api: SlackApi, file: FileRef): Promise<MailBody | null> {
  return mailText(await fileObject(api, file.fileId));
}

async function fileObject(api: SlackApi, fileId: string): Promise<SlackFile> {
  const { file } = await api.call<{ file?: SlackFile }>('files.info', { file: fileId });
  return typeof file === 'object' && file !== null ? file : {};
}
