import type { App, GlobalShortcut, MessageShortcut } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { modalMessage } from '../blocks/modal-message.ts';
import { problemScreen } from '../blocks/problem.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { filesScreen } from '../edge/files-page.ts';
import { openModal, orProblem, updateModal } from '../edge/modal.ts';
import { tellInPrivate } from '../slack/in-private.ts';
import { problemFor } from '../slack/problem.ts';
import { askingFor } from '../slack/urgency.ts';
import type { Vault } from '../vault/context.ts';
import type { Action } from './click.ts';
import { saveMessage } from './save-message.ts';
import type { Shortcut } from './shortcut.ts';

/** The find screen as a modal: from the shortcuts menu, and from App Home. */
const openVault: Shortcut = {
  id: 'open_vault',
  run: (vault, { userId }) => findModal(vault, userId),
};

export const openFind: Action = {
  id: 'open_find',
  run: (vault, click) => click.open(() => findModal(vault, click.userId)),
};

async function findModal(vault: Vault, userId: string): Promise<ModalView> {
  return screenModal(await filesScreen(vault, { userId, channelId: '', query: '', inModal: true }));
}

export const SHORTCUTS: readonly Shortcut[] = [openVault, saveMessage];

/** Answers shortcuts: acknowledges and opens a modal at once, and fills it when the answer is ready. */
export function registerShortcuts(app: App, vault: Vault): void {
  app.shortcut(/.*/, async ({ shortcut, ack }) => {
    await ack();
    await askingFor('person', () => answer(vault, shortcut));
  });
}

async function answer(vault: Vault, shortcut: GlobalShortcut | MessageShortcut): Promise<void> {
  const found = SHORTCUTS.find(({ id }) => id === shortcut.callback_id);
  const userId = shortcut.user.id;
  try {
    const viewId = await openModal(vault, shortcut.trigger_id, 'message', modalMessage({ kind: 'loading' }));
    const outdated = 'This shortcut is outdated. Please reload Slack.';
    const view =
      found === undefined
        ? modalMessage({ kind: 'error', message: outdated })
        : await orProblem(vault, () => found.run(vault, { userId, ...messageOf(shortcut) }));
    await updateModal(vault, viewId, view);
    vault.meters.answers.inc({ what: `shortcut ${found?.id ?? 'unknown'}` });
  } catch (error) {
    const { code } = problemFor(error);
    vault.log.warn({ code, shortcut: shortcut.callback_id, user: userId, err: error }, 'a shortcut failed');
    await tellInPrivate(vault.slack, userId, problemScreen(problemFor(error)));
  }
}

/** The message that a shortcut was used on, if it is a message shortcut. */
function messageOf(shortcut: unknown): Pick<Parameters<Shortcut['run']>[1], 'message'> {
  const { channel, message, message_ts } = shortcut as {
    channel?: { id?: string };
    message?: { ts?: string; thread_ts?: string };
    message_ts?: string;
  };
  const ts = message_ts ?? message?.ts;
  if (channel?.id === undefined || ts === undefined) return {};
  const threadTs = message?.thread_ts;
  return { message: { channelId: channel.id, ts, ...(threadTs === undefined ? {} : { threadTs }) } };
}
