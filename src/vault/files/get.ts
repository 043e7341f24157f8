import { fold } from '../../catalog/derived/fold.ts';
import type { ListedFile } from '../../catalog/model.ts';
import type { Checked } from '../../catalog/scan/model.ts';
import { UserError } from '../../errors.ts';
import { whichFile } from '../../refusals/find.ts';
import { RANK } from '../../text/match-rank.ts';
import type { Vault } from '../context.ts';
import type { Named } from '../names.ts';
import { makeLink } from './link.ts';
import { type FilesPage, factsOf, findPage, limitsOf, withRights } from './page.ts';

/** Refusals of the malware gate. Its *Details* say more, and let admins release it. */
const CLOSED: ReadonlySet<string> = new Set(['malware_found', 'not_checked', 'being_checked']);

const IN_NAME: readonly number[] = [RANK.exact, RANK.beginning, RANK.containing];

/** The answer to a person who asks for one file. */
export type Got =
  | { kind: 'link'; file: ListedFile; url: string; minutes: number; check: Checked | null; names: Named }
  /** There is one such file, but the vault does not have it. */
  | { kind: 'not_stored'; file: ListedFile; maxBytes: number | null; names: Named }
  /** There is one such file, and the malware scanner keeps it closed, or has not come to it yet. */
  | { kind: 'closed'; file: ListedFile; why: UserError }
  /** Several files match, or none does: a page to choose from. */
  | { kind: 'page'; page: FilesPage };

/**
 * The one file with this name or id that this person may see, in any channel, with a link to it; or a page of `limit`
 * files to choose from. `channelId` is where they asked. Throws `UserError`.
 */
export async function getFile(
  vault: Vault,
  asked: { userId: string; channelId: string; query: string; limit: number },
): Promise<Got> {
  const { userId, channelId, limit } = asked;
  const query = asked.query.trim();
  if (query === '') throw whichFile();
  const found = await findPage(vault, { userId, channelId: '', query, limit });
  const { files } = found.page;
  // The quotes may belong to the name.
  const exact = files.filter(
    ({ rank, name }) => rank === RANK.exact || fold(name ?? '').trim() === fold(query),
  );
  // What was found by its words only is no file of that name.
  const having = files.filter(({ rank }) => IN_NAME.includes(rank));
  const [file, ...others] = exact.length > 0 ? exact : having;
  if (file === undefined || others.length > 0) {
    return { kind: 'page', page: await withRights(vault, userId, found) };
  }
  const { names } = await factsOf(vault, { ...found, page: { ...found.page, files: [file] } });
  if (file.state !== 'stored') {
    const maxBytes = (await limitsOf(vault, [file])).get(file.listedChannelId) ?? null;
    return { kind: 'not_stored', file, maxBytes, names };
  }
  try {
    const { url, minutes, check } = await makeLink(vault, { userId, channelId, fileId: file.fileId });
    return { kind: 'link', file, url, minutes, check, names };
  } catch (error) {
    if (error instanceof UserError && CLOSED.has(error.code)) return { kind: 'closed', file, why: error };
    throw error;
  }
}
