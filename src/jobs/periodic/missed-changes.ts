import { waitAfter } from '../../capture/back-off.ts';
import {
  deferPeriodicJob,
  makeDueAgain,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { noteMissedChanges } from '../../catalog/files/changes.ts';
import { errorCode } from '../../errors.ts';
import { type EditedPage, editedFiles } from '../../slack/edited-files.ts';
import type { Vault } from '../../vault/context.ts';
import type { PeriodicWork } from './periodic-work.ts';

/** How often all files that people edit are compared with the catalog. */
const MISSED_CHANGES_MS = 6 * 60 * 60_000;
const LEAST_WAIT_MS = 60_000;
/** Soon after each start: changes may have been missed. */
const FIRST_MS = 60_000;

export const missedChanges: PeriodicWork = {
  name: 'changes',
  async setUp({ catalog, now }) {
    await setUpPeriodicJob(catalog, 'changes', now() + FIRST_MS);
    await makeDueAgain(catalog, 'changes', now() + FIRST_MS);
  },
  work: lookForMissedChanges,
};

/** How far the walk is; empty between walks. */
interface Memo extends Record<string, unknown> {
  /** Which list of file types Slack accepts. */
  types?: number;
  page?: number;
  changed?: number;
  /** In an organisation: the workspace whose files are listed now. */
  workspace?: string;
}

/** The app was added to no workspace. */
const NOTHING: EditedPage = { files: [], more: false };

/**
 * One step of the search for changes that no delivery reported: one page of Slack's list of the files that people
 * edit. Files that were edited or renamed since they were stored are looked at. It is due again at once until the list
 * ends, then in some hours.
 */
async function lookForMissedChanges(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, slack, identity, log, now } = vault;
  const { teamId } = identity;
  const { types = 0, page = 1, changed: before = 0, workspace: at } = periodicJob.memo as Memo;
  try {
    const workspaces = (await slack.workspaces?.ids()) ?? null;
    const next = (after = '') => workspaces?.find((id) => id > after);
    // One that the app was taken out of meanwhile is passed over.
    const workspace = at !== undefined && workspaces?.includes(at) ? at : next(at);
    const isNowhere = workspaces !== null && workspace === undefined;
    const where = { workspace, page: workspace === at ? page : 1 };
    const listed = isNowhere ? NOTHING : await editedFiles(slack, { teamId, types, ...where });
    if (listed === null) {
      const memo = { types: types + 1, ...where, changed: before };
      await periodicJobDone(catalog, periodicJob.name, owner, { memo, dueAt: now() });
      return;
    }
    const changed = before + (await noteMissedChanges(catalog, teamId, listed.files, now()));
    if (changed > before) vault.wake();
    const following = workspace === undefined ? undefined : next(workspace);
    if (listed.more || following !== undefined) {
      const to = listed.more ? { workspace, page: where.page + 1 } : { workspace: following, page: 1 };
      await periodicJobDone(catalog, periodicJob.name, owner, {
        memo: { types, ...to, changed },
        dueAt: now(),
      });
      return;
    }
    if (changed > 0) log.info({ files: changed }, 'files were changed, and no delivery told of it');
    await periodicJobDone(catalog, periodicJob.name, owner, {
      memo: { types },
      dueAt: now() + MISSED_CHANGES_MS,
    });
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, 'missed changes could not be looked for; trying again');
    const wait = Math.max(LEAST_WAIT_MS, waitAfter(error, periodicJob.attempts));
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + wait);
  }
}
