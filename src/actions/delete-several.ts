import {
  deletedSeveralScreen,
  deleteSeveralView,
  readSeveral,
  SEVERAL,
  type Staying as StayingLine,
} from '../blocks/delete-several.ts';
import { outdatedQuestion } from '../refusals/outdated.ts';
import { noneTicked } from '../refusals/trash.ts';
import { nameOf } from '../text/file-name.ts';
import { filesToDelete, moveSeveralToTrash, type Staying } from '../vault/delete.ts';
import { followedView, over } from './behind.ts';
import type { Action } from './click.ts';
import type { Submission } from './submission.ts';
import { tickedIn } from './values.ts';

/** A box was ticked in a list of an earlier release: Slack sends this and wants it acknowledged. */
export const deletePick: Action = { id: 'delete_pick', async run() {} };

/** Opens a window with the files of the list, a box beside each. A list of an earlier release has the boxes itself. */
export const deleteSeveral: Action = {
  id: 'delete_several',
  async run(vault, click) {
    const ticked = tickedIn(click.values, 'delete_pick');
    const listed = click.value === 'ticked' ? ticked : click.value.split(' ');
    const fileIds = [...new Set(listed)].filter((id) => id !== '').slice(0, SEVERAL);
    if (fileIds.length === 0) throw noneTicked();
    await click.open(async (viewId) => {
      const { staying, ...asked } = await filesToDelete(vault, { userId: click.userId, fileIds });
      const shown = { channelId: click.channelId ?? '', ticked };
      const view = deleteSeveralView({ ...asked, ...shown, staying: staying.map(stayingLine) });
      return over(vault, click, viewId, view);
    });
  },
};

/** "Delete" in that window: each file is checked again, and the refused ones are shown. */
export const deleteSeveralConfirm: Submission = {
  id: 'delete_several_confirm',
  check: ({ values }) => {
    const [block] = Object.keys(values);
    const isNone = block !== undefined && tickedIn(values, 'delete_pick').length === 0;
    return isNone ? { [block]: noneTicked().told } : null;
  },
  async run(vault, { userId, viewId, metadata, values }) {
    const meant = readSeveral(metadata);
    if (meant === null) throw outdatedQuestion('delete');
    const { fileIds, channelId } = meant;
    const ticked = new Set(tickedIn(values, 'delete_pick'));
    // A window of an earlier release had no boxes: all that it named go.
    const hasBoxes = Object.keys(values).length > 0;
    const wanted = hasBoxes ? fileIds.filter((id) => ticked.has(id)) : fileIds;
    const { staying, ...done } = await moveSeveralToTrash(vault, { userId, channelId, fileIds: wanted });
    const screen = deletedSeveralScreen({ ...done, staying: staying.map(stayingLine) });
    return followedView(vault, { viewId, metadata }, screen);
  },
};

function stayingLine({ file, refusal }: Staying): StayingLine {
  return { name: file === null ? null : nameOf(file), why: refusal.told };
}
