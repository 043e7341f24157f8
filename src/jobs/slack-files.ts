import type { CopyRequest } from '../capture/copy.ts';
import { listRows } from '../slack/list-rows.ts';
import type { JobContext } from './job.ts';

/** How the bytes of files are fetched from Slack. */
export function slackFiles({
  vault,
  config,
}: Pick<JobContext, 'vault' | 'config'>): Pick<CopyRequest, 'token' | 'allowedHosts' | 'listRows'> {
  return {
    token: config.slack.botToken,
    allowedHosts: [new URL(config.slack.apiUrl).hostname],
    listRows: (list, stopped) => listRows(vault.slack, list, { signal: stopped }),
  };
}
