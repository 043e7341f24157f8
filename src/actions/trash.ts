import { decodeButtonValue, numberPart, textPart } from '../blocks/kit/button-value.ts';
import { decodeTrashPlace, type TrashPlace } from '../blocks/kit/places.ts';
import { restoredScreen } from '../blocks/restored.ts';
import { staleScreen } from '../blocks/stale.ts';
import { mayBePurgeWord, purgeConfirmView, purgeOrderedScreen, readPurge } from '../blocks/trash.ts';
import { trashPageScreen } from '../edge/trash-page.ts';
import { outdatedQuestion } from '../refusals/outdated.ts';
import { notConfirmed } from '../refusals/trash.ts';
import { COMMAND } from '../text/handles.ts';
import type { Vault } from '../vault/context.ts';
import { fileToPurge, purge, restore } from '../vault/trash.ts';
import { followedView, over } from './behind.ts';
import type { Action, Click } from './click.ts';
import type { Submission } from './submission.ts';
import { fieldOf, isTicked } from './values.ts';

async function turn(vault: Vault, click: Click, place: TrashPlace): Promise<void> {
  await click.replace(await trashPageScreen(vault, { userId: click.userId, ...place }));
}

const stale = (click: Click) => click.replace(staleScreen({ command: `${COMMAND} trash` }));

export const trashNewest: Action = {
  id: 'trash_newest',
  async run(vault, click) {
    const place = decodeButtonValue(click.value, [textPart]);
    if (place === null) return stale(click);
    await turn(vault, click, { channelId: place[0], after: null });
  },
};

/** From the trash of a channel to what was this person’s alone. */
export const trashOwn: Action = {
  id: 'trash_own',
  run: (vault, click) => turn(vault, click, { channelId: click.userId, after: null }),
};

export const trashOlder: Action = {
  id: 'trash_older',
  async run(vault, click) {
    const place = decodeButtonValue(click.value, [textPart, numberPart, textPart]);
    if (place === null) return stale(click);
    const [channelId, trashedAt, fileId] = place;
    await turn(vault, click, { channelId, after: { trashedAt, fileId } });
  },
};

/** The trash shows at once that the file is back. A row of an older release does not say where it stands. */
async function takeBack(vault: Vault, click: Click, fileId: string): Promise<void> {
  const file = await restore(vault, { userId: click.userId, fileId });
  const place = decodeTrashPlace(click.blockId);
  const done = restoredScreen({ file });
  if (place === null) return click.show(done);
  const page = await trashPageScreen(vault, { userId: click.userId, ...place });
  await click.replace({ text: done.text, blocks: [...done.blocks, ...page.blocks] });
}

/** Restore, for those who may delete the file. */
export const trashRestore: Action = {
  id: 'trash_restore',
  run: (vault, click) => takeBack(vault, click, click.value),
};

/** The menu for admins: Delete forever, which asks first. Menus of an older release have Restore, too. */
export const trashMenu: Action = {
  id: 'trash_menu',
  async run(vault, click) {
    const [, choice, fileId = ''] = /^(restore|purge):(\S+)$/.exec(click.value) ?? [];
    if (fileId === '') return stale(click);
    if (choice === 'restore') return takeBack(vault, click, fileId);
    await click.open(async (viewId) => {
      const asked = await fileToPurge(vault, { userId: click.userId, fileId });
      return over(vault, click, viewId, purgeConfirmView(asked));
    });
  },
};

/** "Delete forever" with its typed confirmation. */
export const purgeConfirm: Submission = {
  id: 'purge_confirm',
  check({ metadata, values }) {
    const meant = readPurge(metadata);
    const said = fieldOf(values, 'typed');
    return meant === null || mayBePurgeWord(said, meant.name) ? null : { typed: notConfirmed().told };
  },
  async run(vault, { userId, viewId, metadata, values }) {
    const meant = readPurge(metadata);
    if (meant === null) throw outdatedQuestion('trash');
    // The name in the metadata proves nothing; the typed text must match the file itself.
    const [typed, forget] = [fieldOf(values, 'typed'), isTicked(values, 'forget')];
    const file = await purge(vault, { userId, fileId: meant.fileId, typed, forget });
    return followedView(vault, { viewId, metadata }, purgeOrderedScreen(file));
  },
};
