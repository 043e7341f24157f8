import { CHOICES, deleteChooser } from '../blocks/delete-chooser.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import type { Vault } from '../vault/context.ts';
import { deletableFiles } from '../vault/delete.ts';
import { unquoted } from '../vault/query/filter.ts';
import { soughtWords } from '../vault/query/most-words.ts';

/** The files of a channel that this person may delete, to choose from; `text` is what they typed. Throws `UserError`. */
export async function deleteList(
  vault: Vault,
  { userId, channelId, text }: { userId: string; channelId: string; text: string },
): Promise<Screen> {
  const typed = soughtWords(text.trim());
  const query = unquoted(text).trim();
  const deletable = await deletableFiles(vault, { userId, channelId, query, typed, limit: CHOICES });
  const { trashDays } = vault.policy;
  return deleteChooser({ channelId, query, text: text.trim(), ...deletable, trashDays });
}
