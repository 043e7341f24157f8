import { stopBackfill } from '../catalog/sweep/backfills.ts';
import { UserError } from '../errors.ts';
import type { Action } from './click.ts';

/** Stop on a backfill's message: what was found is still stored, and the message says who stopped it. */
export const backfillStop: Action = {
  id: 'backfill_stop',
  async run(vault, { userId, channelId }) {
    if (!(await vault.rights.isAdmin(userId)))
      throw new UserError('not_an_admin', 'Only workspace admins can stop this.');
    const { catalog, identity, now } = vault;
    const where = channelId === null ? null : { teamId: identity.teamId, channelId };
    const stopped =
      where !== null && (await stopBackfill(catalog, { ...where, actorId: userId, now: now() }));
    if (!stopped) throw new UserError('not_running', 'Nothing is running here that could be stopped.');
    vault.wake();
  },
};
