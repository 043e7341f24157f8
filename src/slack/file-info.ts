import type { FileInfo } from '../capture/capture.ts';
import type { Refusal } from '../capture/refusal.ts';
import type { FileRef, SkipReason } from '../catalog/model.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { unexpectedAnswer } from './api-error.ts';
import { readFileObject, type SlackFile } from './file-object.ts';
import { sharesOfFile } from './message-files.ts';

/**
 * Slack's answers that are final. Source: docs.slack.dev/reference/methods/files.info, "Errors"; each is the code of the
 * refusal, too.
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
 * Answers that Slack also gives for a file that it does not know yet, or while the bot is not in its channel. Seen in public
 * issue threads: `file_not_found` some seconds after `file_shared`, and for files of channels that the app is not in.
 */
const PASSING: Record<string, SkipReason> = {
  file_not_found: 'not_found',
  not_visible: 'access_denied',
  access_denied: 'access_denied',
};

/** Asks `files.info` about a file. Throws `SlackApiError` when Slack cannot say right now. */
export async function fileInfo(api: SlackApi, file: FileRef): Promise<FileInfo | Refusal> {
  try {
    const answer = await api.call<{ file: SlackFile }>('files.info', { file: file.fileId });
    const read = readFileObject(file.teamId, answer.file);
    // An object without an id is no answer about this file.
    if (read === undefined || read.file.fileId !== file.fileId) throw unexpectedAnswer('files.info');
    // Slack shows its object, but keeps the file back from the bot: perhaps only for now.
    const passing = read.skip === 'access_denied' ? { passing: true } : {};
    return { ...read, ...passing, shares: sharesOfFile(answer.file.shares) };
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
