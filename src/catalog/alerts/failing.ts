import { sql } from 'kysely';
import { HOUR_MS } from '../../time.ts';
import type { Catalog } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { NOT_NOW } from '../files/merge.ts';
import { recordAudit } from '../governance/audit.ts';
import { touchHomes } from '../notices/homes.ts';

/** After this many attempts (about a minute with the usual back-off), or this long after the first, it is no hiccup. */
const MANY_ATTEMPTS = 6;
const LONG_MS = HOUR_MS;

/** While Slack does not give a file yet, it is asked again for some minutes: no hiccup, but no trouble either. */
const REFUSAL_CODES: readonly string[] = ['not_shown_yet', 'not_given_yet'];

/** Counting stops here, so that a bucket missing for days costs no more than one missing for an hour. */
const COUNTED = 10_000;

export interface FailingReason {
  /** Null: retried by hand, and not tried since. */
  code: string | null;
  /** One of the recorded sentences. */
  text: string | null;
  files: number;
  /** How many of them have failed for long. */
  long: number;
}

/** Files whose last attempt failed, by reason, the most frequent first. At most 10,000 are counted. */
export async function failingReasons(
  catalog: Catalog,
  teamId: string,
  now: number,
): Promise<FailingReason[]> {
  const { rows } = await sql<FailingReason>`
    select error_code as code, min(error_text) as text, cast(count(*) as bigint) as files,
      cast(sum(case when (attempts >= ${MANY_ATTEMPTS} and coalesce(error_code, '') not in (${sql.join(REFUSAL_CODES)})) or failed_at <= ${now - LONG_MS} then 1 else 0 end)
        as bigint) as long
    from (select error_code, error_text, attempts, failed_at from file
      where team_id = ${teamId} and failed_at is not null and state in ('pending', 'failed', 'storing')
      limit ${COUNTED}) failing
    group by error_code order by count(*) desc, error_code`.execute(catalog.db);
  return rows;
}

/**
 * An admin wants everything that failed tried again: failed files, and files that Slack did not give at the time.
 * They are pending, due now, from the first attempt. Audited as one act. Returns how many there are.
 */
export async function retryAll(
  catalog: Catalog,
  teamId: string,
  actorId: string,
  now: number,
): Promise<number> {
  return inTransaction(catalog, async (scope) => {
    const result = await scope.db
      .updateTable('file')
      .set({
        state: 'pending',
        reason: null,
        errorCode: null,
        errorText: null,
        attempts: 0,
        dueAt: now,
        leaseOwner: null,
      })
      .where('teamId', '=', teamId)
      .where(
        sql<boolean>`(state = 'failed' or (state = 'skipped' and reason in (${sql.join(NOT_NOW.map((reason) => sql.lit(reason)))})))`,
      )
      .executeTakeFirst();
    const files = Number(result.numUpdatedRows);
    if (files === 0) return 0;
    await recordAudit(scope, {
      at: now,
      teamId,
      actorId,
      action: 'retried',
      fileId: null,
      channelId: null,
      detail: { files },
    });
    await touchHomes(scope, teamId, now);
    return files;
  });
}
