import { staleScreen } from '../blocks/stale.ts';
import type { Action } from './click.ts';
import { giveLink } from './download-file.ts';

/** Download of one version of a file: same rights and same log entry as for any other link. */
export const downloadVersion: Action = {
  id: 'download_version',
  async run(vault, click) {
    const [, fileId = '', number = ''] = /^([^:]+):([1-9]\d{0,8})$/.exec(click.value) ?? [];
    if (fileId === '') return click.show(staleScreen());
    await giveLink(vault, click, fileId, Number(number));
  },
};
