import type { Catalog } from '../catalog/db/open.ts';
import { placesOfFile } from '../catalog/files/lookup.ts';
import { failingSince } from '../catalog/files/refusals.ts';
import type { FileRow, SkipReason } from '../catalog/model.ts';

/** Slack does not give a file. */
export interface Refusal {
  skip: SkipReason;
  /** Slack's own word, where it is final although the reason is one that often passes. */
  code?: string;
  /** True when Slack says the same of a file that is not there yet, or that the bot may not see right now. */
  passing?: boolean;
}

/**
 * A refusal that may pass is believed after so many of them in a row, over at least this time: Slack knows a file that was
 * just shared only some seconds later.
 */
const TRIES_BELIEVED = 4;
const TIME_BELIEVED_MS = 3.5 * 60_000;
/** A file of more channels than this is looked for in the first ones. */
const MOST_CHANNELS = 5;

/** What stands on a file meanwhile; no other failure has these codes. `catalog/alerts/failing.ts` knows them, too. */
const CODES: Partial<Record<SkipReason, string>> = {
  not_found: 'not_shown_yet',
  access_denied: 'not_given_yet',
};

export type Judgement =
  | { skip: SkipReason; code?: string }
  /** To be asked again; `isFirst` when it is the first refusal in a row. */
  | { again: string; isFirst: boolean };

/**
 * What to make of a refusal: a final one ends at once, a passing one only after several, and never while the bot is out of
 * all the file's channels, as Slack says of everything there that it is not found. Throws when Slack or the catalog
 * cannot be asked.
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
  const channelIds = (await placesOfFile(o.catalog, file)).slice(0, MOST_CHANNELS);
  return (await o.isInAny(channelIds)) ? { skip } : { skip: 'not_in_channel' };
}
