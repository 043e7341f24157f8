import { decodeCursor } from '../blocks/cursor.ts';
import { staleScreen } from '../blocks/stale.ts';
import { listPage } from '../commands/list.ts';
import { UserError } from '../errors.ts';
import type { Vault } from '../vault.ts';
import type { Action, Click } from './click.ts';

async function turn(vault: Vault, click: Click): Promise<void> {
  const page = decodeCursor(click.value);
  if (page === null) return click.replace(staleScreen());
  if (!(await vault.rights.maySeeChannel(click.userId, page.channelId))) {
    throw new UserError(
      'not_a_member',
      'You can list a channel’s files only while you can see the channel in Slack.',
    );
  }
  await click.replace(await listPage(vault, { userId: click.userId, ...page }));
}

/** Newer and Older: the page is replaced in place, for whoever clicked and with that person's rights. */
export const listNewer: Action = { id: 'list_newer', run: turn };
export const listOlder: Action = { id: 'list_older', run: turn };
