import type { ConfirmMode } from '../model.ts';

/** What is kept of a channel, how that is told, and for how long. */
export interface Rules {
  /** False: what is shared is recorded without its bytes, for a backfill to fetch once it is true again. */
  capture: boolean;
  confirm: ConfirmMode;
  /** Lower-case file types and extensions. */
  excludeTypes: ReadonlySet<string>;
  maxFileBytes: number;
  /** After so many days a file goes to the trash; 0: never. */
  retentionDays: number;
  onSlackDelete: 'keep' | 'trash';
  /** False: what is left out for its type is told to nobody. There only where it was set. */
  tellExcluded?: boolean;
}

/** What differs in a channel; null follows the defaults. */
export interface Overrides {
  capture: boolean | null;
  confirm: ConfirmMode | null;
  excludeTypes: string[] | null;
  maxFileBytes: number | null;
  retentionDays: number | null;
  onSlackDelete: 'keep' | 'trash' | null;
  /** There only where it was set: it is told everywhere else. */
  tellExcluded?: boolean;
}

/** The rules where a channel has none of its own: the environment's. Channels are always captured, and told, by default. */
export type DefaultRules = Omit<Rules, 'capture' | 'tellExcluded'>;
