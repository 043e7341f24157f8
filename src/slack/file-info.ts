import type { FileInfo } from '../capture/capture.ts';
import type { FileRef, SkipReason } from '../catalog/model.ts';
import { type SlackApi, SlackApiError } from './api.ts';
import { readFileObject, type SlackFile } from './file-object.ts';
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

/** Asks `files.info` about a file. Throws `SlackApiError` when Slack cannot say right now. */
export async function fileInfo(api: SlackApi, file: FileRef): Promise<FileInfo | { skip: SkipReason }> {
  try {
    const answer = await api.call<{ file: SlackFile }>('files.info', { file: file.fileId });
    const read = readFileObject(file.teamId, answer.file);
    if (read === undefined) return { skip: 'deleted_in_slack' };
    return { ...read, shares: sharesOfFile(answer.file.shares) };
  } catch (error) {
    const skip = error instanceof SlackApiError ? GONE[error.code] : undefined;
    if (skip === undefined) throw error;
    return { skip };
  }
}
