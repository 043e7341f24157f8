import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { leavingFiles, warnOfLeaving } from '../../catalog/governance/leaving.ts';
import { errorCode } from '../../errors.ts';
import { SlackApiError } from '../../slack/api.ts';
import { conversationWith } from '../../slack/in-private.ts';
import type { Vault } from '../../vault/context.ts';
import type { PeriodicWork } from './periodic-work.ts';
import { channelOfWalk, type RetainedWalk } from './retained-walk.ts';

/** How often every channel is looked at. */
const WARN_MS = 60 * 60_000;
const RETRY_MS = 60_000;

type Memo = Record<string, unknown> & RetainedWalk;

export const warning: PeriodicWork = {
  name: 'leaving',
  setUp: ({ catalog, now }) => setUpPeriodicJob(catalog, 'leaving', now(), now()),
  work: warn,
};

/**
 * One step: looks at the next few hundred files of a channel and warns the uploaders of those that retention takes within
 * a week. It is due again at once until all channels are done, then in an hour.
 */
export async function warn(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, identity, log, now } = vault;
  try {
    const { memo, pause } = await step(vault, periodicJob.memo as Memo);
    await periodicJobDone(catalog, periodicJob.name, owner, { memo, dueAt: now() + pause });
  } catch (error) {
    const about = { code: errorCode(error), team: identity.teamId, err: error };
    log.warn(about, 'warnings of retention stopped half-way; they go on later');
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + RETRY_MS);
  }
}

async function step(vault: Vault, memo: Memo): Promise<{ memo: Memo; pause: number }> {
  const { catalog, identity, policy, log, now } = vault;
  const { teamId } = identity;
  const defaultDays = policy.retentionDays;
  const channel = await channelOfWalk(catalog, { teamId, defaultDays }, memo);
  if (channel === undefined) return { memo: {}, pause: WARN_MS };
  const { channelId, days, after } = channel;
  const page = await leavingFiles(catalog, { teamId, channelId, days, defaultDays, after, now: now() });
  let told = 0;
  for (const [userId, files] of Map.groupBy(page.leaving, ({ uploaderId }) => uploaderId)) {
    const conversation = await conversationOf(vault, userId);
    told += await warnOfLeaving(catalog, { teamId, userId, channelId: conversation, files, now: now() });
  }
  if (told > 0) {
    log.info({ channel: channelId, files: told }, 'uploaders were warned that retention takes files');
    vault.wake('confirm', 'journal');
  }
  return { memo: { ...channel.goOn(page.next) }, pause: 0 };
}

/** The direct conversation with a person; null if they cannot be written to. Throws `SlackApiError` if it may pass. */
async function conversationOf({ slack, log }: Vault, userId: string): Promise<string | null> {
  try {
    return await conversationWith(slack, userId);
  } catch (error) {
    if (error instanceof SlackApiError && !error.permanent) throw error;
    log.info({ code: errorCode(error), user: userId }, 'an uploader cannot be warned of retention');
    return null;
  }
}
