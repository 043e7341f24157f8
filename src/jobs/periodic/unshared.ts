import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { relistRemoved } from '../../catalog/files/unshare.ts';
import type { FileRef } from '../../catalog/model.ts';
import { touchHomes } from '../../catalog/notices/homes.ts';
import { errorCode } from '../../errors.ts';
import { DAY_MS } from '../../time.ts';
import type { Vault } from '../../vault/context.ts';
import type { PeriodicWork } from './periodic-work.ts';

/** Files updated in one step; each has its own transaction, so that others get their turn. */
const FILES_AT_ONCE = 200;
const RETRY_MS = 60_000;

export const unsharedLists: PeriodicWork = {
  name: 'unshared',
  setUp: ({ catalog, now }) => setUpPeriodicJob(catalog, 'unshared', now(), now()),
  work: unshared,
};

interface Memo extends Record<string, unknown> {
  /** The rule behind the lists and sums; then the rule by which they are being made again, and from which file. */
  mode?: string;
  walk?: string;
  after?: FileRef;
}

/**
 * Lists and sums follow `VAULT_ON_UNSHARE`. After it was changed, and after the upgrade that brought it, this goes once
 * through all files whose shares were taken back. Until then only the lists are old: access is read from the shares.
 */
async function unshared(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, identity, policy, log, now } = vault;
  const memo = periodicJob.memo as Memo;
  const { onUnshare: mode } = policy;
  try {
    if (memo.mode === mode && memo.walk === undefined) {
      await periodicJobDone(catalog, periodicJob.name, owner, { memo, dueAt: now() + DAY_MS });
      return;
    }
    const from = memo.walk === mode ? memo.after : undefined;
    const after = await relistRemoved(catalog, from ?? { teamId: '', fileId: '' }, FILES_AT_ONCE);
    const next = after === null ? { mode } : { ...memo, walk: mode, after };
    await periodicJobDone(catalog, periodicJob.name, owner, { memo: next, dueAt: now() });
    if (after === null) await touchHomes(catalog, identity.teamId, now(), { soon: true });
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, 'lists wait to be made anew; it goes on later');
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + RETRY_MS);
  }
}
