import { checkingAgainScreen, readRelease, releasedScreen, releaseView } from '../blocks/scan.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { unknownWindow } from '../refusals/outdated.ts';
import { releaseNeedsReason } from '../refusals/scan.ts';
import { checkAgain, releasableFile, releaseFile, sightOf } from '../vault/scan/release.ts';
import type { Action } from './click.ts';
import type { Submission } from './submission.ts';
import { fieldOf } from './values.ts';

/** Release: asks an admin for the reason. */
export const scanRelease: Action = {
  id: 'scan_release',
  run: (vault, { userId, value: fileId, open }) =>
    open(async () => {
      const { file, check } = await releasableFile(vault, { userId, fileId });
      return releaseView({ file, check, seen: sightOf(file, check) });
    }),
};

/** Check again, after the scanner's settings were changed. */
export const scanAgain: Action = {
  id: 'scan_again',
  async run(vault, { userId, value: fileId, show }) {
    await show(checkingAgainScreen(await checkAgain(vault, { userId, fileId })));
  },
};

/** "Release" in the form, with the reason. */
export const scanReleased: Submission = {
  id: 'scan_release',
  check: ({ values }) =>
    fieldOf(values, 'reason').trim() === '' ? { reason: releaseNeedsReason().told } : null,
  async run(vault, { userId, metadata, values }) {
    const meant = readRelease(metadata);
    if (meant === null) throw unknownWindow();
    const asked = { userId, ...meant, reason: fieldOf(values, 'reason') };
    return screenModal(releasedScreen(await releaseFile(vault, asked)));
  },
};
