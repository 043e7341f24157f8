import { exportLink } from '../blocks/export.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { linkToExport } from '../vault/exports.ts';
import type { Action } from './click.ts';

/** Download of an export: a link that works for a few minutes, for the person who asked. */
export const exportLinkFor: Action = {
  id: 'export_link',
  async run(vault, click) {
    const make = async () =>
      exportLink(await linkToExport(vault, { userId: click.userId, exportId: click.value }));
    if (click.where === 'message') await click.show(await make());
    else await click.open(async () => screenModal(await make()));
  },
};
