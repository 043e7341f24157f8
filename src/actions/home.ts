/** The buttons of App Home that open a window. */
import { AUDIT_PAGE, auditScreen } from '../blocks/audit.ts';
import { rulesFormView } from '../blocks/channel.ts';
import { helpScreen } from '../blocks/help.ts';
import { HOLDS, holdsScreen } from '../blocks/holds.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { settingsScreen } from '../blocks/settings.ts';
import { statusScreen } from '../blocks/status.ts';
import { filesScreen } from '../edge/files-page.ts';
import { auditLog } from '../vault/audit.ts';
import type { Vault } from '../vault/context.ts';
import { listHolds } from '../vault/holds.ts';
import { settingsFor } from '../vault/home/settings.ts';
import { offeredTo } from '../vault/offered.ts';
import { rulesToChange } from '../vault/rules.ts';
import { vaultStatus } from '../vault/status.ts';
import type { Action, Click } from './click.ts';

/** A button that shows a screen in a window. The use case behind the screen asks for rights. */
function opens(id: string, screen: (vault: Vault, click: Click) => Promise<Screen>): Action {
  return { id, run: (vault, click) => click.open(async () => screenModal(await screen(vault, click))) };
}

const find = (vault: Vault, userId: string, query: string) =>
  filesScreen(vault, { userId, channelId: '', query, inModal: true });

export const homeActions: readonly Action[] = [
  opens('home_mine', (vault, { userId }) => find(vault, userId, `<@${userId}>`)),
  opens('home_week', (vault, { userId }) => find(vault, userId, 'after:7d')),
  opens('home_commands', async (vault, { userId }) =>
    helpScreen({ commands: await offeredTo(vault, userId, vault.commands) }),
  ),
  opens('home_audit', async (vault, { userId }) =>
    auditScreen({
      channelId: '',
      query: '',
      ...(await auditLog(vault, { userId, query: '', limit: AUDIT_PAGE })),
    }),
  ),
  opens('home_holds', async (vault, { userId }) =>
    holdsScreen(await listHolds(vault, { userId, limit: HOLDS })),
  ),
  {
    id: 'home_status',
    // In place of Settings: Slack stacks three windows, and a form may follow after a file's Details.
    run: (vault, { userId, redraw }) =>
      redraw(async () => screenModal(statusScreen(await vaultStatus(vault, { userId })))),
  },
  opens('home_settings', async (vault, { userId }) => settingsScreen(await settingsFor(vault, { userId }))),
  {
    id: 'settings_channel',
    async run(vault, { userId, value: channelId, open }) {
      await open(async () => rulesFormView(await rulesToChange(vault, { userId, channelId })));
    },
  },
];
