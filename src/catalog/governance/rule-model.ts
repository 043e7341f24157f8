import type { TextMode } from '../../text-modes.ts';
import type { ConfirmMode } from '../model.ts';

/** What a channel keeps, how it is told, and for how long files stay. */
export interface Rules {
  /** False: shared files are recorded without their bytes; a backfill can fetch them once it is true again. */
  capture: boolean;
  confirm: ConfirmMode;
  /** Lower-case file types and extensions. */
  excludeTypes: ReadonlySet<string>;
  maxFileBytes: number;
  /** After this many days a file goes to the trash; 0: never. */
  retentionDays: number;
  onSlackDelete: 'keep' | 'trash';
  /** False: nobody is told of files left out for their type. Present only if it was set. */
  tellExcluded?: boolean;
  /** True: uploaders may keep a file that retention would take. Present only if it was set. */
  mayKeep?: boolean;
  /** Whether files of other organisations' people are kept; missing: they are. */
  external?: 'keep' | 'record';
  /** What is kept and searched besides names; missing: nothing. */
  text?: TextMode;
}

/** What differs in a channel; null means the default. */
export interface Overrides {
  capture: boolean | null;
  confirm: ConfirmMode | null;
  excludeTypes: string[] | null;
  maxFileBytes: number | null;
  retentionDays: number | null;
  onSlackDelete: 'keep' | 'trash' | null;
  /** Present only if it was set: everywhere else it is told. */
  tellExcluded?: boolean;
  /** Present only if it was set: a “Files” bookmark in the channel. */
  bookmark?: boolean;
  /** Present only if it was set: everywhere else nobody may. */
  mayKeep?: boolean;
  /** Present only if it was set; null only in what changed: as everywhere again. */
  external?: 'keep' | 'record' | null;
  /** The same. */
  text?: TextMode | null;
}

/** The environment's rules, for a channel without its own. By default, channels are always captured, and told. */
export type DefaultRules = Omit<Rules, 'capture' | 'tellExcluded' | 'mayKeep'>;
