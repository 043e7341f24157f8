import type { ListFilter } from '../../catalog/model.ts';
import { twoChannels } from '../../refusals/find.ts';
import type { QueryNotes } from './notes.ts';
import type { Clock } from './period.ts';
import type { Word } from './words.ts';

/** Who asks, when, and what they may know. */
export interface Asking extends Clock {
  /** Who `from:me` is; without it, nobody. */
  userId?: string;
  /** The ids of the channels that the person may know of, by their names without `#`. */
  channels?: ReadonlyMap<string, string>;
}

/** A typed search as it was read. */
export interface Reading {
  filter: ListFilter;
  notes: QueryNotes;
  /** Channels that were typed by a name. To find them, give their ids in `channels`. */
  channelNames: string[];
}

/** A reading while it grows. */
export interface Draft extends Reading {
  query: string;
  asking: Asking;
  /** Words of names, and those in quotes that belong together. */
  free: string[];
  phrases: string[];
  /** `in:name` or `in:text`, as typed last. */
  place?: Word;
  /** How many types were typed: a family counts once. */
  types: number;
}

/** Adds the channel to those asked for. Throws `UserError` if another one is asked for already. */
export function ofChannel({ filter }: Draft, word: Word, channelId: string): void {
  if (word.not) filter.notChannelIds = [...(filter.notChannelIds ?? []), channelId];
  else if ((filter.channelId ?? channelId) !== channelId) throw twoChannels();
  else filter.channelId = channelId;
}
