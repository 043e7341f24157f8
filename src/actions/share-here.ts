import { decodeButtonValue, textPart } from '../blocks/kit/button-value.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import { problemScreen } from '../blocks/problem.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { cardScreen, givenScreen, sharedScreen, shareView, takenBackScreen } from '../blocks/share.ts';
import { staleScreen } from '../blocks/stale.ts';
import { share as words } from '../blocks/text/wording-share.ts';
import { nowhereToShare } from '../refusals/files.ts';
import { problemFor } from '../slack/problem.ts';
import type { Vault } from '../vault/context.ts';
import {
  giveFile,
  planShare,
  requireToGive,
  requireToShare,
  shareFile,
  takeBackFile,
} from '../vault/files/share.ts';
import { redrawBehind, rememberBehind } from './behind.ts';
import type { Action, Click } from './click.ts';
import type { Submission } from './submission.ts';
import { fieldOf, fileIn } from './values.ts';

/** Share here: one click for the channel that the button names. */
export const shareHere: Action = {
  id: 'share_here',
  async run(vault, click) {
    const { userId, value } = click;
    await click.open(async (viewId) => {
      rememberBehind(vault, click, viewId);
      const [, fileId = '', channelId = ''] = /^([^:]+):([A-Z0-9]+)$/.exec(value) ?? [];
      const screen = await shareIn(vault, { userId, fileId, channelId });
      await redrawBehind(vault, viewId);
      return screenModal(screen);
    });
  },
};

/** Share, in a file's menu: a window to choose where. */
export async function askShare(vault: Vault, click: Click, fileId: string): Promise<void> {
  const { userId, channelId } = click;
  await click.open(async (viewId) => {
    rememberBehind(vault, click, viewId);
    return shareView(await planShare(vault, { userId, fileId, channelId }));
  });
}

/** The button of the same name. */
export const shareAsk: Action = {
  id: 'share_ask',
  run: (vault, click) => askShare(vault, click, click.value),
};

/** Share, in that window. */
export const shareSubmit: Submission = {
  id: 'share_file',
  check({ values }) {
    if (fieldOf(values, 'channel') !== '' || fieldOf(values, 'person') !== '') return null;
    return { channel: words.none };
  },
  async run(vault, { userId, viewId, metadata, values }) {
    const fileId = fileIn(metadata);
    const [channelId, personId] = [fieldOf(values, 'channel'), fieldOf(values, 'person')];
    const [inChannel, toPerson] = [
      { userId, fileId, channelId },
      { userId, fileId, personId },
    ];
    if (channelId === '' && personId === '') throw nowhereToShare();
    if (personId === '') return done(vault, viewId, await shareIn(vault, inChannel));
    if (channelId === '') return done(vault, viewId, await giveTo(vault, toPerson));
    // What can be refused is refused before anything is done.
    await requireToShare(vault, inChannel);
    await requireToGive(vault, toPerson);
    return done(
      vault,
      viewId,
      await both(
        vault,
        () => giveTo(vault, toPerson),
        () => shareIn(vault, inChannel),
      ),
    );
  },
};

/** The end of the window; Details behind it say who can open the file now. */
async function done(vault: Vault, viewId: string, screen: Screen) {
  await redrawBehind(vault, viewId);
  return screenModal(screen);
}

/** Two acts; if the second fails, the first is still told, as it is done. */
async function both(vault: Vault, one: () => Promise<Screen>, other: () => Promise<Screen>): Promise<Screen> {
  const done = await one();
  const more = await other().catch((error: unknown) => {
    const problem = problemFor(error);
    vault.log.warn({ code: problem.code, err: error }, 'a file was given to a person, but not shared');
    return problemScreen(problem);
  });
  return { text: `${done.text} ${more.text}`, blocks: [...done.blocks, ...more.blocks] };
}

/** Take back: closes a file again where its uploader shared it; admins may do that, too. */
export const shareBack: Action = {
  id: 'share_back',
  async run(vault, click) {
    const place = decodeButtonValue(click.value, [textPart, textPart, textPart]);
    if (place === null) return click.replace(staleScreen());
    const [fileId, channelId, message] = place;
    const ts = message === '' ? null : message;
    const file = await takeBackFile(vault, { userId: click.userId, fileId, channelId, ts });
    await click.replace(takenBackScreen({ file, place: { channelId, ts } }));
    await redrawBehind(vault, click.viewId);
  },
};

async function shareIn(vault: Vault, asked: { userId: string; fileId: string; channelId: string }) {
  const { ts, ...shared } = await shareFile(vault, { ...asked, draw: cardScreen });
  return sharedScreen({ ...shared, place: { channelId: asked.channelId, ts } });
}

async function giveTo(vault: Vault, asked: { userId: string; fileId: string; personId: string }) {
  return givenScreen({ ...(await giveFile(vault, asked)), personId: asked.personId });
}
