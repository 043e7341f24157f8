import { auditCsv, auditNewer, auditOlder } from './audit.ts';
import { rulesChange, rulesSave, rulesSure } from './channel-rules.ts';
import type { Action } from './click.ts';
import { deletePick, deleteSeveral, deleteSeveralConfirm } from './delete-several.ts';
import { exportLinkFor } from './export-link.ts';
import { holdLift, holdNew, holdSet } from './holds.ts';
import type { Submission } from './submission.ts';
import { purgeConfirm, trashMenu, trashNewest, trashOlder, trashRestore } from './trash.ts';

/** Buttons and menus of what gives back, keeps and lets go. */
export const GOVERN_ACTIONS: readonly Action[] = [
  ...[deletePick, deleteSeveral],
  ...[trashNewest, trashOlder, trashRestore, trashMenu],
  ...[holdNew, holdLift],
  rulesChange,
  ...[auditOlder, auditNewer, auditCsv],
  exportLinkFor,
];

export const GOVERN_SUBMISSIONS: readonly Submission[] = [
  ...[deleteSeveralConfirm, purgeConfirm, holdSet],
  ...[rulesSave, rulesSure],
];
