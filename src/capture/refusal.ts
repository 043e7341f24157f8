import type { Catalog } from '../catalog/db/open.ts';
import { everSharedIn } from '../catalog/files/lookup.ts';
import { failingSince } from '../catalog/files/refusals.ts';
import type { FileRow, SkipReason } from '../catalog/model.ts';

/** Slack does not give a file. */
export interface Refusal {
  skip: SkipReason;
  /** Slack's error code, when this refusal is final although its reason often passes. */
  code?: string;
  /** True when Slack also answers so for a file that is not there yet, or that the bot may not see right now. */
  passing?: boolean;
}

/**
 * A refusal that may pass is believed after this many in a row, over at least this time. Slack may need some seconds
 * to know a file that was just shared.
 */
const TRIES_BELIEVED = 4;
const TIME_BELIEVED_MS = 3.5 * 60_000;
/** At most this many of the file's channels are checked, the first ones. */
const MOST_CHANNELS = 5;

/** The file's error code until then. No other failure has these codes. `catalog/alerts/failing.ts` uses them too. */
const CODES: Partial<Record<SkipReason, string>> = {
  not_found: 'not_shown_yet',
  access_denied: 'not_given_yet',
};

export type Judgement =
  | { skip: SkipReason; code?: string }
  /** Ask again later. `isFirst`: this is the first refusal in a row. */
  | { again: string; isFirst: boolean };

/**
 * Decides what a refusal means. A final one ends at once. A passing one ends only after several tries. If the bot is
 * then in none of the file's channels, the reason is `not_in_channel`: Slack finds nothing there. Throws when Slack
 * or the catalog does not answer.
 */
export async function judge(
  o: { catalog: Catalog; isInAny?: ((channelIds: string[]) => Promise<boolean>) | undefined; now(): number },
  file: FileRow,
  refusal: Refusal,
): Promise<Judgement> {
  const { skip, code } = refusal;
  if (refusal.passing !== true) return code === undefined ? { skip } : { skip, code };
  const again = CODES[skip] ?? 'not_given_yet';
  const isFirst = !Object.values(CODES).includes(file.errorCode ?? '');
  if (isFirst || file.attempts < TRIES_BELIEVED) return { again, isFirst };
  const since = await failingSince(o.catalog, file);
  if (since === null || o.now() - since < TIME_BELIEVED_MS) return { again, isFirst };
  if (o.isInAny === undefined) return { skip };
  const channelIds = (await everSharedIn(o.catalog, file)).slice(0, MOST_CHANNELS);
  return (await o.isInAny(channelIds)) ? { skip } : { skip: 'not_in_channel' };
}
