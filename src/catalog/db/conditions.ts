import { sql } from 'kysely';

/**
 * The conditions of the partial indexes, word for word. A database uses such an index only for a query that
 * repeats its condition with literal values.
 */
export const AWAITS_CAPTURE = sql<boolean>`state in ('pending', 'failed', 'storing')`;
export const ON_THE_WAY = sql<boolean>`state in ('pending', 'storing')`;
export const AWAITS_PURGE = sql<boolean>`state = 'trashed'`;
export const IS_STORED = sql<boolean>`state = 'stored'`;
/** What lists may show: every file except those in the trash or removed from it. */
export const IS_LISTED = sql<boolean>`state in ('pending', 'storing', 'stored', 'failed', 'skipped')`;
export const HAS_FAILED = sql<boolean>`state = 'failed'`;
/** Recorded without its bytes, for a reason that the people concerned should know. */
export const NOT_KEPT = sql<boolean>`state = 'skipped' and reason in ('hidden_by_limit', 'access_denied', 'too_large', 'excluded_type', 'not_found', 'not_in_channel', 'no_content', 'other_org')`;
/** Files that live elsewhere, like on Google Drive: there are many, and nobody needs to worry about them. */
export const IS_LINK = sql<boolean>`state = 'skipped' and reason = 'external'`;
/** Never scanned, and scanned before. */
export const AWAITS_SCAN = sql<boolean>`due_at is not null and state = 'waiting'`;
export const WAS_SCANNED = sql<boolean>`due_at is not null and state <> 'waiting'`;
export const IS_DUE_SOMETIME = sql<boolean>`due_at is not null`;
/** The journal has something to write: changes, or the rest of a walk through everything. */
export const HAS_NEWS = sql<boolean>`(walk is not null or exists (select 1 from journal_dirty))`;
/** What lists show in any order: listed, and not gone before it had a name. Word for word as in 0023_order.ts. */
export const IS_SHOWN = sql<boolean>`state in ('pending', 'storing', 'stored', 'failed', 'skipped')
  and not (state = 'skipped' and reason in ('tombstone', 'deleted_in_slack')
    and trim(coalesce(name, '')) = '' and trim(coalesce(title, '')) = '')`;
