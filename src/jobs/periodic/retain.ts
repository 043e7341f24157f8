import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { expiredFiles, expireFile } from '../../catalog/governance/retention.ts';
import { errorCode } from '../../errors.ts';
import type { Vault } from '../../vault/context.ts';
import { purgeTimeOf } from '../../vault/trash.ts';
import type { PeriodicWork } from './periodic-work.ts';
import { channelOfWalk, type RetainedWalk } from './retained-walk.ts';

/** How often every channel is looked at. */
const RETAIN_MS = 60 * 60_000;
const RETRY_MS = 60_000;

export const retention: PeriodicWork = {
  name: 'retention',
  setUp: ({ catalog, now }) => setUpPeriodicJob(catalog, 'retention', now(), now()),
  work: retain,
};

interface Memo extends Record<string, unknown>, RetainedWalk {
  /** Files that went to the trash in this walk, and in the last complete one. */
  trashed?: number;
  last?: { at: number; trashed: number };
}

/**
 * One step of retention: looks at the next few hundred files of a channel, oldest first, and moves those whose time is
 * over to the trash. It is due again at once until all channels are done, then in an hour.
 */
export async function retain(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, identity, policy, log, now } = vault;
  try {
    const { memo, pause } = await step(vault, periodicJob.memo as Memo);
    await periodicJobDone(catalog, periodicJob.name, owner, { memo, dueAt: now() + pause });
  } catch (error) {
    log.warn(
      { code: errorCode(error), team: identity.teamId, days: policy.retentionDays, err: error },
      'retention stopped half-way; it goes on later',
    );
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + RETRY_MS);
  }
}

async function step(vault: Vault, memo: Memo): Promise<{ memo: Memo; pause: number }> {
  const { catalog, identity, policy, log, now } = vault;
  const { teamId } = identity;
  const defaultDays = policy.retentionDays;
  const channel = await channelOfWalk(catalog, { teamId, defaultDays }, memo);
  const trashed = memo.trashed ?? 0;
  if (channel === undefined) return { memo: { last: { at: now(), trashed } }, pause: RETAIN_MS };
  const { channelId, days, after } = channel;
  const page = await expiredFiles(catalog, { teamId, channelId, days, defaultDays, after, now: now() });
  let went = 0;
  for (const fileId of page.fileIds) {
    const purgeAt = purgeTimeOf(vault, now());
    const ref = { teamId, fileId };
    if (await expireFile(catalog, { ref, channelId, defaultDays, purgeAt, now: now() })) went++;
  }
  if (went > 0)
    log.info({ channel: channelId, files: went, days }, 'files went to the trash: their time is over');
  return {
    memo: { ...memo, ...channel.goOn(page.next), trashed: trashed + went },
    pause: 0,
  };
}
