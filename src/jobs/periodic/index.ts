import type { PeriodicJobName } from '../../catalog/alerts/periodic-jobs.ts';
import { countOfChannels } from './channels.ts';
import { clearingOfCharts } from './clear-charts.ts';
import { restoreDrill } from './drill.ts';
import { lightVerification } from './light-verify.ts';
import { missedChanges } from './missed-changes.ts';
import type { PeriodicWork } from './periodic-work.ts';
import { retention } from './retain.ts';
import { scanWatch } from './scan-watch.ts';
import { ownCheck } from './self-check.ts';
import { unsharedLists } from './unshared.ts';
import { warning } from './warn-leaving.ts';
import { wipeOfForgotten } from './wipe-forgotten.ts';

/** All work that comes round by the clock, by the names of its rows. */
export const PERIODIC: Readonly<Record<PeriodicJobName, PeriodicWork>> = {
  patrol: ownCheck,
  changes: missedChanges,
  drill: restoreDrill,
  channels: countOfChannels,
  charts: clearingOfCharts,
  retention,
  scan: scanWatch,
  unshared: unsharedLists,
  verify: lightVerification,
  leaving: warning,
  wipe: wipeOfForgotten,
};
