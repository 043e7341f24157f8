/** What people read about restore drills. Arguments are safe mrkdwn. */
import type { DamageKind } from '../../catalog/alerts/drills.ts';
import { count, numbers } from './wording.ts';

interface Words {
  one: string;
  many: string;
}

const words = (one: string, many: string): Words => ({ one, many });

/** What was found, after a number. */
export const damageWords: Record<DamageKind, Words> = {
  row_differs: words('row comes back otherwise', 'rows come back otherwise'),
  row_not_told: words('row would not come back', 'rows would not come back'),
  row_not_kept: words('row is in the bucket alone', 'rows are in the bucket alone'),
  segment_missing: words('segment of the journal is missing', 'segments of the journal are missing'),
  segment_damaged: words('segment of the journal is damaged', 'segments of the journal are damaged'),
  segment_misplaced: words(
    'segment of the journal is not the one that its name says',
    'segments of the journal are not those that their names say',
  ),
  journal_missing: words('journal is missing', 'journals are missing'),
  journal_foreign: words('journal was written by somebody else', 'journals were written by somebody else'),
  object_missing: words('object is missing', 'objects are missing'),
  object_size: words('object is of the wrong size', 'objects are of the wrong size'),
  object_bytes: words('object has wrong bytes', 'objects have wrong bytes'),
  object_unreadable: words('object cannot be read', 'objects cannot be read'),
  object_unmarked: words('object does not say what it is', 'objects do not say what they are'),
  object_mismatched: words(
    'object is of another file or workspace',
    'objects are of other files or workspaces',
  ),
  object_moved: words('object is under another key', 'objects are under other keys'),
  object_unknown: words('object is unknown', 'objects are unknown'),
};

export const drills = {
  off: 'Restore drills do not run by themselves (`VAULT_DRILL_DAYS=0`).',
  none: 'No restore drill has been done yet.',
  last: (moment: string, files: number, took: string, differing: number, read: number) =>
    `Restore drill ${moment}: ${count(files, 'file')} back in ${took}, ${numbers.format(differing)} ${differing === 1 ? 'differs' : 'differ'}, ${numbers.format(read)} read`,
  failed: (moment: string, why: string) =>
    `:warning: The restore drill of ${moment} could not be done: ${why}`,
  alert: (found: string) =>
    `After a loss of the catalog, not all would come back from the bucket as it is: ${found}. \`npm run drill\` names each; docs/backup.md says what to do.`,
  mended: 'A restore drill brings everything back again.',
};
