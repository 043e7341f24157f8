import type { Scope } from '../db/schema.ts';
import { indexRows, type SaidRecord } from './said.ts';
import { noLongerDue } from './said-due.ts';

/** Rows per statement: stays well below both databases' limits of parameters. */
const ROWS_AT_ONCE = 200;

/** Takes in what was said with files, as the journal tells it, and makes the index of it. Call it after their shares: they say what is hidden. */
export async function putSaid(
  scope: Scope,
  files: ReadonlyArray<{ said?: Array<Omit<SaidRecord, 'id'>> }>,
): Promise<void> {
  const told = files.flatMap(({ said = [] }) => said);
  for (let i = 0; i < told.length; i += ROWS_AT_ONCE) {
    const rows = await scope.db
      .insertInto('said')
      .values(told.slice(i, i + ROWS_AT_ONCE))
      .returningAll()
      .execute();
    await indexRows(scope, rows);
    await noLongerDue(
      scope,
      rows.map(({ id }) => id),
    );
  }
}
