import { sameChannelScreen } from '../blocks/same-channel.ts';
import { confirmSame } from '../catalog/sweep/follow.ts';
import { UserError } from '../errors.ts';
import { idOf } from '../slack/shapes.ts';
import { requireAdmin } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';

/** An admin says that a channel with a new id is the one that was lost: what is kept of it moves, and its members see it again. */
export const sameChannel: Action = {
  id: 'same_channel',
  async run(vault: Vault, click: Click) {
    await requireAdmin(vault, click.userId);
    const [from, to] = click.value.split(' ').map(idOf);
    const { teamId } = vault.identity;
    const isMoved = from && to && (await confirmSame(vault.catalog, { teamId, from, to, now: vault.now() }));
    if (!isMoved)
      throw new UserError(
        'not_asked',
        'That is settled already, or the vault did not ask about these channels.',
      );
    for (const channelId of [from, to]) vault.people.forgetChannel(channelId);
    vault.log.info({ from, to, user: click.userId }, 'an admin moved a channel to its new id');
    vault.wake();
    await click.show(sameChannelScreen({ channelId: to }));
  },
};
