import { sql } from 'kysely';
import { withOwnIds } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { FORGET } from '../files/forget.ts';
import type { ToldAudit } from './journal-record.ts';

/** Rows per statement: stays well below both databases' limits of parameters. */
const ROWS_AT_ONCE = 200;

/** A history's own ids stay far below this. Guests' ids go below zero, in a separate range for each history. */
const GUEST_RANGE = 1e12;

/** Where a guest history's audit ids go (one that does not continue). Always the same for the same history. */
export function guestNumber(history: string): number {
  let number = 0;
  for (const character of history) number = (number * 31 + character.charCodeAt(0)) % 8_000;
  return number + 1;
}

/**
 * Takes in audit entries. An entry may have been shortened since, when a name was to be forgotten. With `guest` they
 * get ids apart from those of the history that continues.
 */
export async function putAudit(scope: Scope, told: ToldAudit[], guest: number | null): Promise<void> {
  const entries = guest === null ? told : told.map((entry) => ({ ...entry, id: guestId(entry.id, guest) }));
  for (let i = 0; i < entries.length; i += ROWS_AT_ONCE) {
    const rows = entries
      .slice(i, i + ROWS_AT_ONCE)
      .map(
        (e) =>
          sql`(${e.id}, ${e.at}, ${e.teamId}, ${e.actorId}, ${e.action}, ${e.fileId}, ${e.channelId}, ${e.detail})`,
      );
    await sql`insert into audit (id, at, team_id, actor_id, action, file_id, channel_id, detail)
      ${withOwnIds(scope.kind)} values ${sql.join(rows)}
      on conflict (id) do update set detail = excluded.detail`.execute(scope.db);
  }
}

/** Whether an entry with this id came from a history that does not go on. */
export const isGuest = (id: number) => id < 0;

/** An entry that was a guest before keeps its id. */
const guestId = (id: number, guest: number) => (id < 0 ? id : -(id + guest * GUEST_RANGE));

/**
 * Entries that a guest history shares with the one that continues are kept once. It shares some when a catalog was
 * put back from an older copy: its history begins with everything in the copy.
 */
export async function dropDoubledAudit({ db }: Scope): Promise<void> {
  await sql`delete from audit where id < 0 and exists (
    select 1 from audit o where o.id = (-audit.id) % ${sql.lit(GUEST_RANGE)} and o.at = audit.at
      and o.team_id = audit.team_id and o.actor_id = audit.actor_id and o.action = audit.action
      and coalesce(o.file_id, '') = coalesce(audit.file_id, '') and (o.detail = audit.detail or exists (
        select 1 from file f where f.team_id = audit.team_id and f.file_id = audit.file_id and f.forget = ${sql.lit(FORGET.done)})))`.execute(
    db,
  );
  await db.deleteFrom('journalDirty').execute();
}
