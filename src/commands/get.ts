import { makeLink } from '../actions/link.ts';
import { fileCard, unkeptCard } from '../blocks/file-card.ts';
import { RANK } from '../catalog/search/find.ts';
import { fold } from '../catalog/search/fold.ts';
import { UserError } from '../errors.ts';
import type { Command } from './command.ts';
import { filesPage, findPage, limitsOf } from './files-page.ts';

export const get: Command = {
  name: 'get',
  usage: 'get <name or id>',
  summary: 'Gives you one file at once; several that match are shown to choose from.',
  examples: ['/vault get budget.xlsx', '/vault get F0AB12CD34'],
  async run(vault, { userId, channelId, text, reply }) {
    const query = text.trim();
    if (query === '') {
      throw new UserError('which_file', 'Say which file: `/vault get budget.xlsx`, or its id.');
    }
    const asked = { userId, channelId: '', query };
    const found = await findPage(vault, asked);
    const { page } = found;
    // The quotes may belong to the name.
    const exact = page.files.filter(
      ({ rank, name }) => rank === RANK.exact || fold(name ?? '').trim() === fold(query),
    );
    const having = page.files.filter(({ rank }) => rank !== RANK.similar);
    const [file, ...others] = exact.length > 0 ? exact : having;
    if (file === undefined || others.length > 0) {
      return reply(await filesPage(vault, asked, found));
    }
    if (file.state !== 'stored') {
      const maxBytes = (await limitsOf(vault, [file]))(file);
      return reply(unkeptCard({ file, now: vault.now(), maxBytes }));
    }
    const { url, minutes } = await makeLink(vault, { userId, channelId, fileId: file.fileId });
    await reply(fileCard({ file, url, minutes }));
  },
};
