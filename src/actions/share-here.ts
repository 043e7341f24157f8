import { postedCard } from '../blocks/file-card.ts';
import { section } from '../blocks/kit/elements.ts';
import { nameLength } from '../blocks/kit/limits.ts';
import { channel, quietName } from '../blocks/kit/mrkdwn.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { card as words } from '../blocks/text/wording-find.ts';
import { nameOf } from '../text/file-name.ts';
import { shareFile } from '../vault/files/share.ts';
import type { Action } from './click.ts';

/**
 * Share here: a card of the file in a channel. Its buttons use the clicker's rights, so the card gives nobody access.
 * But everybody there reads the file's name; the dialog before says so if the name is new to them.
 */
export const shareHere: Action = {
  id: 'share_here',
  async run(vault, click) {
    const { userId, value } = click;
    await click.open(async () => {
      const [, fileId = '', channelId = ''] = /^([^:]+):([A-Z0-9]+)$/.exec(value) ?? [];
      const file = await shareFile(vault, {
        ...{ userId, fileId, channelId },
        post: async (shared) => {
          const card = postedCard({ file: shared, userId });
          await vault.slack.call('chat.postMessage', { channel: channelId, ...card });
        },
      });
      const done = words.done(quietName(nameOf(file), nameLength.line), channel(channelId));
      return screenModal({ text: done, blocks: [section(done)] });
    });
  },
};
