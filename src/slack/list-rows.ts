import { setTimeout as sleep } from 'node:timers/promises';
import type { FileRef } from '../catalog/model.ts';
import { type SlackApi, SlackApiError } from './api.ts';

/** Slack makes the export in the background. It is asked once a second. If it takes too long, the next attempt asks. */
const ASK_EVERY_MS = 1_000;
const PATIENCE_MS = 60_000;

/** JSON has every row with its thread and its attachments. CSV has only the rows. */
const WITH_THREADS = { format: 'json', include_threads: true, include_attachments: true };

/** Slack's errors for arguments that it does not know (yet). */
const BAD_ARGUMENTS = new Set([
  'invalid_arguments',
  'invalid_arg_name',
  'invalid_argument',
  'invalid_format',
]);

/**
 * Makes Slack export all rows of a list, with their threads. Returns the address to fetch them from, or null when the
 * app may not have them: no scope `lists:read`, no paid plan, or the list is not shared with the app. Throws
 * `SlackApiError` when Slack cannot answer right now. Both methods must get the same arguments.
 * Source: docs.slack.dev/reference/methods/slackLists.download.start and …get.
 */
export async function listRows(
  api: SlackApi,
  list: FileRef,
  o: { signal?: AbortSignal | undefined; everyMs?: number; patienceMs?: number } = {},
): Promise<{ url: string } | null> {
  for (const form of [WITH_THREADS, {}]) {
    try {
      return await exported(api, { list_id: list.fileId, ...form }, o);
    } catch (error) {
      if (!(error instanceof SlackApiError) || !error.permanent) throw error;
      if (!BAD_ARGUMENTS.has(error.code)) return null;
    }
  }
  return null;
}

async function exported(
  api: SlackApi,
  wanted: { list_id: string },
  { signal, everyMs = ASK_EVERY_MS, patienceMs = PATIENCE_MS }: NonNullable<Parameters<typeof listRows>[2]>,
): Promise<{ url: string } | null> {
  const { job_id } = await api.call<{ job_id?: unknown }>('slackLists.download.start', wanted);
  if (typeof job_id !== 'string' || job_id === '') return null;
  const deadline = performance.now() + patienceMs;
  for (;;) {
    signal?.throwIfAborted();
    const { download_url, status } = await api.call<{ download_url?: unknown; status?: unknown }>(
      'slackLists.download.get',
      { ...wanted, job_id },
    );
    if (typeof download_url === 'string' && URL.canParse(download_url)) return { url: download_url };
    const word = typeof status === 'string' ? status : '';
    if (/fail|error|cancel/i.test(word)) return null;
    if (performance.now() + everyMs > deadline)
      throw new SlackApiError('slackLists.download.get', 'list_not_ready', {
        temporary: true,
        detail: 'Slack has not finished writing the rows down',
      });
    await sleep(everyMs, undefined, { ...(signal && { signal }) });
  }
}
