import { checkingAgainScreen, readRelease, releasedScreen, releaseView } from '../blocks/scan.ts';
import { unknownWindow } from '../refusals/outdated.ts';
import { releaseNeedsReason } from '../refusals/scan.ts';
import { checkAgain, releasableFile, releaseFile, sightOf } from '../vault/scan/release.ts';
import { followedView, over, redrawHere } from './behind.ts';
import type { Action } from './click.ts';
import type { Submission } from './submission.ts';
import { fieldOf } from './values.ts';

/** Release: asks an admin for the reason. */
export const scanRelease: Action = {
  id: 'scan_release',
  run: (vault, click) =>
    click.open(async (viewId) => {
      const { userId } = click;
      const asked = versionIn(click.value);
      const { file, check } = await releasableFile(vault, { userId, ...asked });
      const view = releaseView({ file, check, seen: sightOf(file, check), version: asked.version });
      return over(vault, click, viewId, view);
    }),
};

/** `<file id>` for its newest version, or `<file id>:<number>`. */
function versionIn(value: string): { fileId: string; version?: number } {
  const [, fileId = value, number] = /^([^:]+):([1-9]\d{0,8})$/.exec(value) ?? [];
  return number === undefined ? { fileId } : { fileId, version: Number(number) };
}

/** Check again, after the scanner's settings were changed. */
export const scanAgain: Action = {
  id: 'scan_again',
  async run(vault, click) {
    const { userId, value: fileId } = click;
    await click.show(checkingAgainScreen(await checkAgain(vault, { userId, fileId })));
    await redrawHere(vault, click);
  },
};

/** "Release" in the form, with the reason. */
export const scanReleased: Submission = {
  id: 'scan_release',
  check: ({ values }) =>
    fieldOf(values, 'reason').trim() === '' ? { reason: releaseNeedsReason().told } : null,
  async run(vault, { userId, viewId, metadata, values }) {
    const meant = readRelease(metadata);
    if (meant === null) throw unknownWindow();
    const asked = { userId, ...meant, reason: fieldOf(values, 'reason') };
    const released = releasedScreen(await releaseFile(vault, asked));
    return followedView(vault, { viewId, metadata }, released);
  },
};
