import { sql } from 'kysely';
import { IS_LISTED } from '../db/conditions.ts';
import { numberTable } from '../db/dialect.ts';
import { type Catalog, type FileRecord, toFileRow } from '../db/schema.ts';
import type { FileRow, FoundFile } from '../model.ts';
import { Budget } from './budget.ts';
import { type FindOptions, finderOf } from './find.ts';
import { surelyMore } from './many.ts';

/** The most files that are counted, or put in order by a rule that no index has. */
export const MOST_GATHERED = 1_000;

/** What it takes to count a file and to put it in order. */
export type LeanFile = Pick<FoundFile, 'fileId' | 'rank' | 'listedChannelId' | 'listedAt' | 'listedBy'> &
  Pick<FileRow, 'size' | 'storedBytes' | 'state'> &
  Pick<FileRecord, 'id' | 'folded'>;

export interface Gathered {
  /** At most a thousand. */
  files: LeanFile[];
  /** There are more, or there was no time to look for more. */
  more: boolean;
}

/** The files that a question finds, the best and newest first, up to a thousand: the work is bounded. */
export async function gather(
  catalog: Catalog,
  o: Omit<FindOptions, 'limit' | 'lean' | 'cursor' | 'ascending'>,
): Promise<Gathered> {
  const { budget = new Budget() } = o;
  const finder = await finderOf(catalog, { ...o, lean: true }, budget);
  const files = (await finder.take('older', null, MOST_GATHERED + 1)) as unknown as LeanFile[];
  return { files: files.slice(0, MOST_GATHERED), more: files.length > MOST_GATHERED || budget.isSpent };
}

/**
 * How many files a question finds, counted up to so many. `files` are all of them, unless there are more. `are`: whether names that
 * have the words were found, or similar ones.
 */
export async function countUpTo(
  catalog: Catalog,
  o: Omit<FindOptions, 'limit' | 'lean' | 'cursor' | 'ascending' | 'budget'>,
  { ms, are, most = MOST_GATHERED }: { ms: number; are: 'asked' | 'similar'; most?: number },
): Promise<{ count: number; more: boolean; files: LeanFile[] }> {
  const budget = new Budget(ms);
  const finder = await finderOf(catalog, { ...o, lean: true }, budget);
  const names = await finder.names(are);
  // If that takes too long, half of the time is left to count.
  const isFew = names?.search.candidates.some(({ known }) => known !== undefined && known.length <= most);
  if (names && !isFew && (await surelyMore(catalog, names, most, new Budget(ms / 2))))
    return { count: most, more: true, files: [] };
  const found = (await finder.take('older', null, most + 1)) as unknown as LeanFile[];
  const files = found.slice(0, most);
  return { count: files.length, more: found.length > most || budget.isSpent || budget.isBehind, files };
}

/** The whole rows of gathered files, in the same order. A file that is gone meanwhile, or in the trash, is left out. */
export async function wholeFiles(catalog: Catalog, lean: LeanFile[]): Promise<FoundFile[]> {
  if (lean.length === 0) return [];
  const ids = lean.map(({ id }) => id);
  const { rows } = await sql<FileRecord>`
    select * from file where id in (select m.id from ${numberTable(catalog.kind, ids)} m) and ${IS_LISTED}`.execute(
    catalog.db,
  );
  const records = new Map(rows.map((record) => [record.fileId, record]));
  return lean.flatMap(({ fileId, rank, listedChannelId, listedAt, listedBy }) => {
    const record = records.get(fileId);
    return record === undefined ? [] : [{ ...toFileRow(record), rank, listedChannelId, listedAt, listedBy }];
  });
}
