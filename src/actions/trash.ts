import { decodeButtonValue, numberPart, textPart } from '../blocks/kit/button-value.ts';
import { restoredScreen } from '../blocks/restored.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { staleScreen } from '../blocks/stale.ts';
import {
  mayBePurgeWord,
  purgeConfirmView,
  purgeOrderedScreen,
  readPurge,
  TRASH_PAGE,
  trashScreen,
} from '../blocks/trash.ts';
import type { TrashCursor } from '../catalog/governance/trash-list.ts';
import { outdatedQuestion } from '../refusals/outdated.ts';
import { notConfirmed } from '../refusals/trash.ts';
import { COMMAND } from '../text/handles.ts';
import type { Vault } from '../vault/context.ts';
import { purge, purgeableFile, restore, trashPage } from '../vault/trash.ts';
import type { Action, Click } from './click.ts';
import type { Submission } from './submission.ts';
import { fieldOf, isTicked } from './values.ts';

async function turn(vault: Vault, click: Click, channelId: string, after: TrashCursor | null): Promise<void> {
  const page = await trashPage(vault, { userId: click.userId, channelId, after, limit: TRASH_PAGE });
  await click.replace(trashScreen({ ...page, paged: after !== null }));
}

const stale = (click: Click) => click.replace(staleScreen({ command: `${COMMAND} trash` }));

export const trashNewest: Action = {
  id: 'trash_newest',
  async run(vault, click) {
    const place = decodeButtonValue(click.value, [textPart]);
    if (place === null) return stale(click);
    await turn(vault, click, place[0], null);
  },
};

export const trashOlder: Action = {
  id: 'trash_older',
  async run(vault, click) {
    const place = decodeButtonValue(click.value, [textPart, numberPart, textPart]);
    if (place === null) return stale(click);
    const [channelId, trashedAt, fileId] = place;
    await turn(vault, click, channelId, { trashedAt, fileId });
  },
};

async function takeBack(vault: Vault, click: Click, fileId: string): Promise<void> {
  const file = await restore(vault, { userId: click.userId, fileId });
  await click.show(restoredScreen({ file }));
}

/** Restore, for people who may delete but are not admins. */
export const trashRestore: Action = {
  id: 'trash_restore',
  run: (vault, click) => takeBack(vault, click, click.value),
};

/** The menu for admins: Restore, and Delete for good, which asks first. */
export const trashMenu: Action = {
  id: 'trash_menu',
  async run(vault, click) {
    const [, choice, fileId = ''] = /^(restore|purge):(\S+)$/.exec(click.value) ?? [];
    if (fileId === '') return stale(click);
    if (choice === 'restore') return takeBack(vault, click, fileId);
    await click.open(async () =>
      purgeConfirmView(await purgeableFile(vault, { userId: click.userId, fileId })),
    );
  },
};

/** "Delete for good" with its typed confirmation. */
export const purgeConfirm: Submission = {
  id: 'purge_confirm',
  check({ metadata, values }) {
    const meant = readPurge(metadata);
    const said = fieldOf(values, 'typed');
    return meant === null || mayBePurgeWord(said, meant.name) ? null : { typed: notConfirmed().told };
  },
  async run(vault, { userId, metadata, values }) {
    const meant = readPurge(metadata);
    if (meant === null) throw outdatedQuestion('trash');
    // The name in the metadata proves nothing; the typed text must match the file itself.
    const [typed, forget] = [fieldOf(values, 'typed'), isTicked(values, 'forget')];
    const file = await purge(vault, { userId, fileId: meant.fileId, typed, forget });
    return screenModal(purgeOrderedScreen(file));
  },
};
