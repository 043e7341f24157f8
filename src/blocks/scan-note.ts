/** What the malware scanner said of one version of a file, in words. */
import type { KnownBlock } from '@slack/types';
import type { Checked } from '../catalog/scan/model.ts';
import { scanReasons } from '../text/scan-reasons.ts';
import { context } from './kit/elements.ts';
import { code, moment, quietName } from './kit/mrkdwn.ts';
import { type Named, NO_NAMES, personNamed } from './kit/names.ts';
import { scan as words } from './text/wording-scan.ts';

/** How the newest version stands, for Details. */
export function checkInWords(check: Checked, names: Named = NO_NAMES): string {
  const { state, release } = check;
  if (state === 'waiting') return words.waiting;
  if (state === 'clean')
    return words.clean(moment(check.scannedAt ?? check.since), quietName(scannerOf(check), 60));
  const said =
    state === 'infected'
      ? words.infected(code(check.signature ?? '', 80))
      : words.unscanned(scanReasons[check.reason ?? 'refused'], check.isGiven);
  if (release === null) return said;
  const by = words.released(
    personNamed(release.by, names),
    moment(release.at),
    quietName(release.reason, 300),
  );
  const found =
    state === 'infected' ? code(check.signature ?? '', 80) : scanReasons[check.reason ?? 'refused'];
  return `${found}\n${by}`;
}

/** `ClamAV 1.4.3/27812/Thu Nov 26 …`: engine and number of the signatures. */
function scannerOf({ scannedWith }: Checked): string {
  return (scannedWith ?? '').split('/').slice(0, 2).join(' · ');
}

/** A note in a list, or beside a version; empty for a clean file, and where nothing is scanned. */
export function checkNote(check: Checked | null | undefined): string {
  if (!check || check.state === 'clean') return '';
  if (check.state === 'waiting') return words.note.waiting;
  if (check.release !== null) return words.note.released;
  if (check.state === 'infected') return words.note.infected;
  return check.isGiven ? words.note.unscanned : words.note.blocked;
}

/** What a person reads beside a link to a file that is not simply clean. */
export function besideLink(check: Checked | null | undefined): KnownBlock[] {
  if (!check || check.state === 'clean' || check.state === 'waiting') return [];
  const why = scanReasons[check.reason ?? 'refused'];
  if (check.release === null) return [context(words.given.unscanned(why))];
  const { found, notChecked, released } = words.given;
  const said = check.state === 'infected' ? found(code(check.signature ?? '', 80)) : notChecked;
  return [context(released(said))];
}
