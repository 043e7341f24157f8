import { closest } from 'fastest-levenshtein';
import { CHOICES, deleteChooser } from '../blocks/delete-chooser.ts';
import { Budget } from '../catalog/search/budget.ts';
import { findFiles, RANK } from '../catalog/search/find.ts';
import { refuseWhileLost } from '../vault/access.ts';
import { unquoted } from '../vault/query/filter.ts';
import { soughtWords } from '../vault/query/most-words.ts';
import type { Command } from './command.ts';

/** How many of the newest names are compared with one that was mistyped. */
const NAMES_TO_COMPARE = 100;

/** `/vault delete`: a choice of files with a button each; nothing goes before the dialog is answered. */
export const deleteFiles: Command = {
  name: 'delete',
  usage: 'delete [name or id]',
  summary: 'Moves a file of this channel to the trash, from where it can be restored.',
  examples: ['/vault delete', '/vault delete budget.xlsx'],
  async run(vault, { userId, channelId, text, reply }) {
    const { teamId } = vault.identity;
    const [mayDeleteAll, mayDeleteOwn, sees] = await Promise.all([
      vault.rights.isAdmin(userId),
      vault.rights.mayDelete(userId, { uploaderId: userId }),
      vault.rights.maySeeChannel(userId, channelId),
    ]);
    if (!sees) await refuseWhileLost(vault, channelId);
    const typed = soughtWords(text.trim());
    const query = unquoted(text).trim();
    const viewer = { teamId, channelIds: sees && mayDeleteOwn ? [channelId] : [] };
    const only = { stored: true, ...(mayDeleteAll ? {} : { uploaderId: userId }) };
    const budget = new Budget();
    const find = (words: string, limit: number) =>
      findFiles(vault.catalog, { viewer, filter: words === '' ? {} : { text: words }, only, limit, budget });
    const page = await find(query, CHOICES);
    // A name may have quotes of its own, and they may be there to hold it together.
    const asTyped = typed === query ? [] : (await find(typed, CHOICES)).files;
    // What is merely similar is no choice of files to delete; its name is a hint.
    const matching = [...asTyped, ...page.files].filter(({ rank }) => rank !== RANK.similar);
    const files = [...new Map(matching.map((file) => [file.fileId, file])).values()];
    const isInVain = files.length === 0 && query !== '';
    const near = isInVain ? [...page.files, ...(await find('', NAMES_TO_COMPARE)).files] : [];
    const known = near.flatMap(({ name }) => name ?? []);
    await reply(
      deleteChooser({
        channelId,
        files,
        hasMore: page.older !== null && files.length >= page.files.length,
        query,
        suggestion: known.length > 0 ? closest(query, known) : null,
        stopped: budget.isSpent,
        trashDays: vault.policy.trashDays,
      }),
    );
  },
};
