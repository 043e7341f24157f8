import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { forgetHidden } from '../../catalog/files/said-hidden.ts';
import { relistRemoved } from '../../catalog/files/unshare.ts';
import type { FileRef } from '../../catalog/model.ts';
import { touchHomes } from '../../catalog/notices/homes.ts';
import { errorCode } from '../../errors.ts';
import { DAY_MS } from '../../time.ts';
import type { Vault } from '../../vault/context.ts';
import type { PeriodicWork } from './periodic-work.ts';

/** Files updated in one step; each has its own transaction, so that others get their turn. */
const FILES_AT_ONCE = 200;
/** Files looked at in one step for words that are to go. */
const HIDDEN_AT_ONCE = 1_000;
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
  /** How far the files were gone through for hidden words. */
  words?: FileRef;
}

/**
 * Lists and sums follow `VAULT_ON_UNSHARE`. After it was changed, and after the upgrade that brought it, this goes once
 * through all files whose shares were taken back. Until then only the lists are old: access is read from the shares. Once a
 * day, what was said in shares that are gone by a guess goes, if the guess is a day old (said-hidden.ts).
 */
async function unshared(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, identity, policy, log, now } = vault;
  const memo = periodicJob.memo as Memo;
  const { onUnshare: mode } = policy;
  try {
    if (memo.mode === mode && memo.walk === undefined) {
      const heardBefore = now() - DAY_MS;
      const from = memo.words ?? { teamId: '', fileId: '' };
      const words = await forgetHidden(catalog, { after: from, limit: HIDDEN_AT_ONCE, heardBefore });
      const next = words === null ? { mode } : { mode, words };
      const dueAt = words === null ? now() + DAY_MS : now();
      await periodicJobDone(catalog, periodicJob.name, owner, { memo: next, dueAt });
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
