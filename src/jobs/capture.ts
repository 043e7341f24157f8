import { capture } from '../capture/capture.ts';
import { copyFile } from '../capture/copy.ts';
import { claimDueFiles, nextDueAt } from '../catalog/files/capture.ts';
import { sharesOf } from '../catalog/files/lookup.ts';
import type { FileRow } from '../catalog/model.ts';
import { isInAny } from '../slack/conversations.ts';
import { fileInfo, textOfMail } from '../slack/file-info.ts';
import { isOurWorkspace, isOutside } from '../slack/outside.ts';
import { AFTER_CAPTURE, type Job, type JobContext, LEASE_MS } from './job.ts';
import { slackFiles } from './slack-files.ts';

/** Copies files from Slack into the bucket. */
export function captureJob(context: JobContext): Job<FileRow> {
  const { vault, config, owner, due } = context;
  const { catalog, bucket, slack, policy, log, now, meters } = vault;
  const from = slackFiles(context);
  const turns = { last: '' };
  return {
    name: 'capture',
    rows: 'capture',
    concurrency: config.captureConcurrency,
    claim: (limit) => claimDueFiles(catalog, due(limit), turns),
    nextDueAt: () => nextDueAt(catalog),
    key: ({ teamId, fileId }) => `${teamId}/${fileId}`,
    async work(file, signal) {
      let bytes = 0;
      const outcome = await capture(
        {
          catalog,
          owner,
          leaseMs: LEASE_MS,
          policy,
          confirm: policy.confirm,
          fileInfo: (row) => fileInfo(slack, row),
          isInAny: (channelIds) => isInAny(slack, channelIds),
          isOutside: (userId, told) => isOutside(vault.people, userId, told),
          isOurWorkspace: (workspace) => isOurWorkspace(vault.slack, workspace),
          copy: async (row, stop, maxBytes) => {
            const object = await copyFile({
              ...from,
              bucket,
              file: row,
              places: () => sharesOf(catalog, row),
              maxBytes,
              signal: stop,
              mailText: (mail) => textOfMail(slack, mail),
            });
            bytes = object.bytes;
            return object;
          },
          log,
          now,
        },
        file,
        signal,
      );
      meters.captured.inc({ outcome });
      if (outcome === 'stored') meters.capturedBytes.inc(bytes);
      vault.wake(...AFTER_CAPTURE);
    },
  };
}
