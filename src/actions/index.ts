import type { App, BlockAction, RespondFn, ViewSubmitAction } from '@slack/bolt';
import type { Screen } from '../blocks/kit/elements.ts';
import { modalMessage } from '../blocks/modal-message.ts';
import { problemScreen } from '../blocks/problem.ts';
import { staleScreen } from '../blocks/stale.ts';
import { orProblem, updateModal } from '../edge/modal.ts';
import { forPerson } from '../edge/moment.ts';
import { unknownWindow } from '../refusals/outdated.ts';
import { problemFor } from '../slack/problem.ts';
import { respondFor } from '../slack/respond.ts';
import { askingFor } from '../slack/urgency.ts';
import type { Vault } from '../vault/context.ts';
import { deleteAsk } from './ask-delete.ts';
import { auditCsv, auditNewer, auditOlder, fileHistory } from './audit.ts';
import { backfillAllStop } from './backfill-all-stop.ts';
import { backfillStart } from './backfill-start.ts';
import { backfillStop } from './backfill-stop.ts';
import { rulesChange, rulesSave, rulesSure } from './channel-rules.ts';
import { checkEverything } from './check-everything.ts';
import type { Action } from './click.ts';
import { clickOf } from './click-of.ts';
import { confirmLess } from './confirm-less.ts';
import { copyKey } from './copy-key.ts';
import { coverageOpen, joinAll, joinOne } from './coverage.ts';
import { deleteConfirm } from './delete-confirm.ts';
import { deleteFile } from './delete-file.ts';
import { deletePick, deleteSeveral, deleteSeveralConfirm } from './delete-several.ts';
import { downloadFile } from './download-file.ts';
import { downloadVersion } from './download-version.ts';
import { exportLinkFor } from './export-link.ts';
import { fileMenu } from './file-menu.ts';
import { findFilters, findWords } from './find-filters.ts';
import { findRestore } from './find-restore.ts';
import { holdAsk, holdFiles, holdLift, holdNew, holdSet } from './holds.ts';
import { homeActions } from './home.ts';
import { keepEnd, leavingKeep, leavingMore } from './leaving.ts';
import { listNewer, listOlder } from './list-page.ts';
import { openLink, openMessage } from './open-link.ts';
import { retryEverything } from './retry-all.ts';
import { retry } from './retry-file.ts';
import { type Runnable, runButtons } from './run-command.ts';
import { sameChannel } from './same-channel.ts';
import { scanAgain, scanRelease, scanReleased } from './scan.ts';
import { searchInstead } from './search-instead.ts';
import { shareAsk, shareBack, shareHere, shareSubmit } from './share-here.ts';
import { openFind, registerShortcuts } from './shortcuts.ts';
import { detailsLess, detailsMore, detailsOf } from './show-details.ts';
import type { Submission, Submitted } from './submission.ts';
import { purgeConfirm, trashMenu, trashNewest, trashOlder, trashOwn, trashRestore } from './trash.ts';
import { undoDelete } from './undo-delete.ts';
import { openUpload, upload } from './upload.ts';

const QUIETLY = { response_type: 'ephemeral', replace_original: false } as const;

const ACTIONS: readonly Action[] = [
  listNewer,
  listOlder,
  ...findFilters,
  findRestore,
  searchInstead,
  detailsOf,
  detailsMore,
  detailsLess,
  shareHere,
  copyKey,
  openFind,
  ...homeActions,
  openUpload,
  fileMenu,
  downloadFile,
  downloadVersion,
  deleteAsk,
  deleteFile,
  undoDelete,
  retry,
  retryEverything,
  checkEverything,
  sameChannel,
  openLink,
  openMessage,
  backfillStart,
  backfillStop,
  confirmLess,
  deletePick,
  deleteSeveral,
  trashNewest,
  trashOlder,
  trashOwn,
  trashRestore,
  trashMenu,
  holdNew,
  holdLift,
  rulesChange,
  auditOlder,
  auditNewer,
  auditCsv,
  exportLinkFor,
  scanRelease,
  scanAgain,
  shareAsk,
  shareBack,
  fileHistory,
  holdAsk,
  leavingKeep,
  leavingMore,
  keepEnd,
  coverageOpen,
  joinOne,
  joinAll,
  backfillAllStop,
];

const SUBMISSIONS: readonly Submission[] = [
  deleteConfirm,
  findWords,
  upload,
  deleteSeveralConfirm,
  purgeConfirm,
  holdSet,
  rulesSave,
  rulesSure,
  scanReleased,
  shareSubmit,
  holdFiles,
];

/**
 * Answers clicks, submissions and everything else that Slack may send. All are acknowledged first. One listener serves
 * all, so that a button from an older version gets a friendly answer instead of Slack's warning sign.
 */
export function registerActions(app: App, vault: Vault, commands: readonly Runnable[]): void {
  const known = [...ACTIONS, ...runButtons(commands)];
  app.action({ type: 'block_actions' }, async ({ body, ack, respond }) => {
    await ack();
    const tell = respond && (({ text, blocks }: Screen) => respondFor(respond, { ...QUIETLY, text, blocks }));
    await forPerson({ tell, log: vault.log }, (answered) => answer(vault, known, body, respond, answered));
  });
  app.view({ type: 'view_submission', callback_id: /.*/ }, async ({ body, ack }) => {
    const errors = problemsIn(body as ViewSubmitAction);
    if (errors !== null) return ack({ response_action: 'errors', errors });
    // The modal stays open and says to wait; then the result replaces it.
    await ack({ response_action: 'update', view: modalMessage({ kind: 'loading' }) });
    // The modal says "One moment" already.
    await askingFor('person', () => submit(vault, body as ViewSubmitAction));
  });
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack }) => ack());
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
  registerShortcuts(app, vault);
}

async function answer(
  vault: Vault,
  known: readonly Action[],
  body: BlockAction,
  respond: RespondFn | undefined,
  answered: () => void,
): Promise<void> {
  const id = body.actions[0]?.action_id ?? '';
  const action = known.find((candidate) => candidate.id === id);
  const click = clickOf(vault, body, respond, answered);
  try {
    if (action === undefined) await click.replace(staleScreen());
    else await action.run(vault, click);
    vault.meters.answers.inc({ what: `click ${action?.id ?? 'unknown'}` });
  } catch (error) {
    const problem = problemFor(error);
    vault.log.warn({ code: problem.code, action: id, user: click.userId, err: error }, 'a click failed');
    await click.show(problemScreen(problem));
  }
}

/** What is wrong with the submitted values; the modal shows it beside its fields. */
function problemsIn(body: ViewSubmitAction): Record<string, string> | null {
  const submission = SUBMISSIONS.find((candidate) => candidate.id === body.view.callback_id);
  return submission?.check?.(submitted(body)) ?? null;
}

function submitted({ view, user }: ViewSubmitAction): Submitted {
  const values = view.state.values as unknown as Submitted['values'];
  return { userId: user.id, viewId: view.id, metadata: view.private_metadata, values };
}

async function submit(vault: Vault, body: ViewSubmitAction): Promise<void> {
  const { view } = body;
  const submission = SUBMISSIONS.find((candidate) => candidate.id === view.callback_id);
  const outcome =
    submission === undefined
      ? modalMessage({ kind: 'error', message: unknownWindow().told })
      : await orProblem(vault, () => submission.run(vault, submitted(body)));
  await updateModal(vault, view.id, outcome);
}
