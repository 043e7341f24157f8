import { exportReady } from '../blocks/export.ts';
import { linkToExport } from '../vault/exports.ts';
import type { Action } from './click.ts';

/** Download or New link of an export: a link that works for a few minutes, in the place of the button. */
export const exportLinkFor: Action = {
  id: 'export_link',
  async run(vault, { userId, value: exportId, replace }) {
    const { job, goneAt, ...link } = await linkToExport(vault, { userId, exportId });
    await replace(exportReady({ ...job, goneAt, link }));
  },
};
