import { closest } from 'fastest-levenshtein';
import { deleteChooser } from '../blocks/delete-chooser.ts';
import { findInChannel, listChannel } from '../catalog/search/list.ts';
import type { Command } from './command.ts';
import { unquoted } from './filter.ts';

/** One more than the chooser shows, so that it can say that there is more. */
const CANDIDATES = 11;
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
    const [isAdmin, sees] = await Promise.all([
      vault.rights.isAdmin(userId),
      vault.rights.maySeeChannel(userId, channelId),
    ]);
    const query = unquoted(text).trim();
    const own = isAdmin ? {} : { uploaderId: userId };
    const find = (words: string, limit: number) =>
      findInChannel(vault.catalog, { teamId, channelId, query: words, limit, ...own });
    /** A name may have quotes of its own, and they may be there to hold it together. */
    const findTyped = async (asTyped: string, plain: string) => {
      const found = [...new Set([asTyped, plain])].map((words) => find(words, CANDIDATES));
      const all = (await Promise.all(found)).flat();
      return [...new Map(all.map((file) => [file.fileId, file])).values()].slice(0, CANDIDATES);
    };
    const newest = async (limit: number) => {
      const filter = isAdmin ? {} : { userId };
      const { files } = await listChannel(vault.catalog, { teamId, channelId, filter, limit });
      return files.filter((file) => isAdmin || file.uploaderId === userId);
    };
    const files = !sees ? [] : query === '' ? await newest(CANDIDATES) : await findTyped(text.trim(), query);
    const names =
      files.length > 0 || query === '' || !sees
        ? []
        : (await newest(NAMES_TO_COMPARE)).flatMap(({ name }) => name ?? []);
    await reply(
      deleteChooser({
        channelId,
        files,
        query,
        suggestion: names.length > 0 ? closest(query, names) : null,
        trashDays: vault.policy.trashDays,
      }),
    );
  },
};
