import { up as up0001 } from './0001_catalog.ts';
import { up as up0002 } from './0002_sweep.ts';
import { up as up0003 } from './0003_journal.ts';
import { up as up0004 } from './0004_trouble.ts';
import { up as up0005 } from './0005_find.ts';
import { up as up0006 } from './0006_govern.ts';
import { up as up0007 } from './0007_stats.ts';
import { up as up0008 } from './0008_trash_sum.ts';
import { up as up0009 } from './0009_turns.ts';
import { up as up0010 } from './0010_places.ts';
import { up as up0011 } from './0011_bots.ts';
import { up as up0012 } from './0012_trash_sums.ts';
import { up as up0013 } from './0013_kept.ts';
import { up as up0014 } from './0014_listed.ts';
import { up as up0015 } from './0015_folded.ts';
import { up as up0016 } from './0016_unshared.ts';
import { up as up0017 } from './0017_seen_request.ts';
import { up as up0018 } from './0018_workspace.ts';
import { up as up0019 } from './0019_journal_chain.ts';
import { up as up0020 } from './0020_scan.ts';
import { up as up0021 } from './0021_audit_line.ts';
import { up as up0022 } from './0022_explained.ts';
import { up as up0023 } from './0023_order.ts';
import { up as up0024 } from './0024_govern.ts';
import { up as up0025 } from './0025_bookmark.ts';
import { up as up0026 } from './0026_scan_modes.ts';
import { up as up0027 } from './0027_direct.ts';
import { up as up0030 } from './0030_channels.ts';
import { up as up0031 } from './0031_reading.ts';
import { up as up0032 } from './0032_said.ts';
import { up as up0034 } from './0034_workspaces.ts';
import { up as up0035 } from './0035_words_later.ts';
import { up as up0036 } from './0036_reading_more.ts';
import { up as up0038 } from './0038_reading_rules.ts';
import { up as up0039 } from './0039_word_numbers.ts';
import { up as up0040 } from './0040_pairs.ts';
import { up as up0042 } from './0042_said_due.ts';
import { up as up0046 } from './0046_trash_uploaders.ts';
import { up as up0047 } from './0047_reader.ts';
import { up as up0048 } from './0048_postings.ts';
import type { DatabaseKind, Db } from './frozen/database.ts';

/** Brings a database of the version before up to its own. */
export type Up = (db: Db, kind: DatabaseKind) => Promise<void>;

/**
 * All migrations by name, in the order of their names. They are frozen: once released, one is never changed, and a test
 * pins the SHA-256 of its SQL. So each stands by itself: it imports only kysely and what is frozen with it, and no other
 * code imports from it. A rule that both need is written down twice.
 */
export const MIGRATIONS: Readonly<Record<string, Up>> = {
  '0001_catalog': up0001,
  '0002_sweep': up0002,
  '0003_journal': up0003,
  '0004_trouble': up0004,
  '0005_find': up0005,
  '0006_govern': up0006,
  '0007_stats': up0007,
  '0008_trash_sum': up0008,
  '0009_turns': up0009,
  '0010_places': up0010,
  '0011_bots': up0011,
  '0012_trash_sums': up0012,
  '0013_kept': up0013,
  '0014_listed': up0014,
  '0015_folded': up0015,
  '0016_unshared': up0016,
  '0017_seen_request': up0017,
  '0018_workspace': up0018,
  '0019_journal_chain': up0019,
  '0020_scan': up0020,
  '0021_audit_line': up0021,
  '0022_explained': up0022,
  '0023_order': up0023,
  '0024_govern': up0024,
  '0025_bookmark': up0025,
  '0026_scan_modes': up0026,
  '0027_direct': up0027,
  '0030_channels': up0030,
  '0031_reading': up0031,
  '0032_said': up0032,
  '0034_workspaces': up0034,
  '0035_words_later': up0035,
  '0036_reading_more': up0036,
  '0038_reading_rules': up0038,
  '0039_word_numbers': up0039,
  '0040_pairs': up0040,
  '0042_said_due': up0042,
  '0046_trash_uploaders': up0046,
  '0047_reader': up0047,
  '0048_postings': up0048,
};
