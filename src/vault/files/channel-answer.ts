import { answersMembersOnly } from '../../refusals/find.ts';
import type { Vault } from '../context.ts';
import { filterWords } from '../query/filter.ts';
import { checksOf } from '../scan/facts.ts';
import { type FilesPage, factsOf, filesPage, findPage, limitsOf } from './page.ts';

/** The answer to a question that was asked in a channel, where others read it. */
export interface ChannelAnswer {
  page: FilesPage;
  /** Whether it is about this channel, and not about what the asker sees elsewhere. */
  isOfChannel: boolean;
  /** Whether everybody in the channel reads it, or only the asker. */
  isForAll: boolean;
}

/**
 * Answers a question in a channel. An answer that everybody there reads has only files of this channel, and offers
 * nothing that only some of them may do. An answer about other channels follows the asker's own rights, and only the
 * asker sees it. So does an answer when nothing was found here: then it is about all channels. Throws `UserError`.
 */
export async function answerInChannel(
  vault: Vault,
  asked: { userId: string; channelId: string; query: string; limit: number },
): Promise<ChannelAnswer> {
  const { userId, channelId, query } = asked;
  if (!(await vault.rights.maySeeChannel(userId, channelId))) throw answersMembersOnly();
  const named = filterWords(query, 'channel');
  if (named !== '' && !named.includes(channelId)) {
    const page = await filesPage(vault, { ...asked, channelId: '' });
    return { page, isOfChannel: false, isForAll: false };
  }
  const found = { ...(await findPage(vault, asked)), trashed: [] };
  const { files } = found.page;
  // Nothing here: what the asker sees elsewhere is for the asker alone.
  if (files.length === 0) {
    const page = await filesPage(vault, { ...asked, channelId: '' });
    return { page, isOfChannel: false, isForAll: false };
  }
  const [maxBytes, checks, facts] = await Promise.all([
    limitsOf(vault, files),
    checksOf(vault, files),
    factsOf(vault, found),
  ]);
  const nothing = { deletable: new Set<string>(), mayHold: false, mayShare: false };
  const page = { ...found, ...facts, ...nothing, maxBytes, checks };
  return { page, isOfChannel: true, isForAll: true };
}
