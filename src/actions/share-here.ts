import { section } from '../blocks/elements.ts';
import { postedCard } from '../blocks/file-card.ts';
import { nameOf } from '../blocks/file-line.ts';
import { nameLength } from '../blocks/limits.ts';
import { channel, quietName } from '../blocks/mrkdwn.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { card as words } from '../blocks/wording-find.ts';
import { recordAudit } from '../catalog/audit.ts';
import { UserError } from '../errors.ts';
import { requireFile } from '../vault/access.ts';
import type { Action } from './click.ts';
import { mayPostIn } from './show-details.ts';

/**
 * Share here: a card of the file in a channel. Its buttons work with the rights of whoever clicks, so it opens the
 * file to nobody; but its name is read by all, which the dialog before it has said where it was news to them. Only
 * where this person is a member now, of a file that they may see now.
 */
export const shareHere: Action = {
  id: 'share_here',
  async run(vault, click) {
    const { userId, value } = click;
    await click.open(async () => {
      const [, fileId = '', channelId = ''] = /^([^:]+):([A-Z0-9]+)$/.exec(value) ?? [];
      const file = await requireFile(vault, userId, fileId, 'see');
      if (!(await mayPostIn(vault, userId, channelId))) {
        throw new UserError('not_here', 'You can post this only in a channel that both of us are in.');
      }
      if (file.state !== 'stored') {
        throw new UserError('not_stored', 'This file is not in the vault right now.');
      }
      await vault.slack.call('chat.postMessage', { channel: channelId, ...postedCard({ file, userId }) });
      const { teamId } = file;
      const about = { teamId, actorId: userId, fileId: file.fileId, channelId, detail: {} };
      await recordAudit(vault.catalog, { at: vault.now(), action: 'posted', ...about });
      const done = words.done(quietName(nameOf(file), nameLength.line), channel(channelId));
      return screenModal({ text: done, blocks: [section(done)] });
    });
  },
};
