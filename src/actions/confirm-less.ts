import { lessScreen } from '../blocks/confirmation.ts';
import { decodeSettings } from '../blocks/kit/places.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { channelPage } from '../edge/channel-page.ts';
import { noChannel } from '../refusals/backfill.ts';
import { reactInstead } from '../vault/less.ts';
import type { Action } from './click.ts';

/**
 * "React instead" under a channel's first confirmation and in its settings, which show the change themselves. Everybody sees
 * the confirmation, and it is in a thread: what Slack shows to one person alone would stand in the channel, where nobody in
 * the thread sees it (github.com/slackapi/bolt-js/issues/963). So a window has the answer, also a no.
 */
export const confirmLess: Action = {
  id: 'confirm_less',
  async run(vault, click) {
    const settings = decodeSettings(click.blockId);
    const channelId = settings ?? click.channelId;
    const { userId } = click;
    if (channelId === null) throw noChannel('channel');
    const less = async () => lessScreen(await reactInstead(vault, { userId, channelId }));
    if (settings === null) return click.open(async () => screenModal(await less()));
    const done = await less();
    if (!click.mayReplace) return click.show(done);
    const page = await channelPage(vault, { userId, channelId });
    await click.replace({ text: done.text, blocks: [...done.blocks, ...page.blocks] });
  },
};
