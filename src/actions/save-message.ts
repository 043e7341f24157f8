import { savedScreen } from '../blocks/saved.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { saveMessageFiles } from '../vault/files/save-message.ts';
import type { Shortcut } from './shortcut.ts';

/** "Save to RIA Vault" on a message. */
export const saveMessage: Shortcut = {
  id: 'save_to_vault',
  async run(vault, { userId, message = { channelId: '', ts: '' } }) {
    return screenModal(savedScreen(await saveMessageFiles(vault, { userId, ...message })));
  },
};
