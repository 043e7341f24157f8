import { lessScreen } from '../blocks/confirmation.ts';
import { decodeSettings } from '../blocks/kit/places.ts';
import { channelPage } from '../edge/channel-page.ts';
import { noChannel } from '../refusals/backfill.ts';
import { reactInstead } from '../vault/less.ts';
import type { Action } from './click.ts';

/**
 * "React instead" under a channel's first confirmation and in its settings. Everybody sees that message, so the answer comes
 * beside it; the settings show the change themselves.
 */
export const confirmLess: Action = {
  id: 'confirm_less',
  async run(vault, click) {
    const settings = decodeSettings(click.blockId);
    const channelId = settings ?? click.channelId;
    const { userId } = click;
    if (channelId === null) throw noChannel('channel');
    const done = lessScreen(await reactInstead(vault, { userId, channelId }));
    if (settings === null || !click.mayReplace) return click.show(done);
    const page = await channelPage(vault, { userId, channelId });
    await click.replace({ text: done.text, blocks: [...done.blocks, ...page.blocks] });
  },
};
