import type { Catalog } from '../db/schema.ts';
import { foldFile } from '../derived/fold.ts';
import type { FoundFile, ListCursor, ListFilter, ListSort } from '../model.ts';
import { Budget } from './budget.ts';
import { type FindOptions, type FoundPage, findFiles } from './find.ts';
import { gather, type LeanFile, MOST_GATHERED, wholeFiles } from './gather.ts';
import { INDEXED_NAME_LENGTH } from './index-terms.ts';
import { compareKeys, type IndexedOrder, inOrder } from './order.ts';

export interface SortedPage extends FoundPage {
  /** Only this many, the best and newest, were put in order: there are more. */
  sortedOf?: number;
  /** All that were put in order, where the time was enough to find them. */
  gathered?: LeanFile[];
}

/**
 * One page of files in the order that the filter asks for. By date, name and size an index gives it, however many files
 * there are. With other filters beside, at most a thousand are put in order, and the page says so if there are more.
 */
export async function sortedFiles(
  catalog: Catalog,
  o: Omit<FindOptions, 'ascending' | 'lean'>,
): Promise<SortedPage> {
  const { sort } = o.filter;
  if (sort === undefined || (sort === 'newest' && !o.filter.text)) return findFiles(catalog, o);
  if (sort === 'oldest' && !o.filter.text) return findFiles(catalog, { ...o, ascending: true });
  if (sort !== 'newest' && sort !== 'oldest' && o.only === undefined && isBare(o.filter))
    return byIndex(catalog, { ...o, sort });
  return byHand(catalog, { ...o, sort });
}

/** Whether nothing narrows the list but its channels. */
function isBare({ sort: _, channelId: __, ...others }: ListFilter): boolean {
  return Object.values(others).every((value) => value === undefined || value === '');
}

type Asked = Omit<FindOptions, 'ascending' | 'lean'>;

async function byIndex(catalog: Catalog, o: Asked & { sort: IndexedOrder }): Promise<FoundPage> {
  const { viewer, sort: order, cursor, limit, budget = new Budget() } = o;
  const take = async (back: boolean, from: ListCursor | null, most: number) =>
    (await inOrder(catalog, { viewer, order, back, from, limit: most, budget })) ?? [];
  const place = (file: FoundFile | undefined, direction: ListCursor['direction']) =>
    file ? placeOf(order, file, direction) : null;
  if (cursor?.direction === 'newer') {
    const back = await take(true, cursor, limit + 1);
    if (back.length <= limit && !budget.isSpent) return byIndex(catalog, { ...o, budget, cursor: undefined });
    const files = back.slice(0, limit).reverse();
    return {
      files,
      newer: place(files[0], 'newer'),
      older: place(files.at(-1), 'older'),
      ...budget.unsearched,
    };
  }
  const ahead = await take(false, cursor ?? null, limit + 1);
  const files = ahead.slice(0, limit);
  if (cursor && files.length === 0 && !budget.isSpent)
    return byIndex(catalog, { ...o, budget, cursor: undefined });
  const older = ahead.length > limit ? place(files.at(-1), 'older') : null;
  const before = cursor ? await take(true, place(files[0], 'newer'), 1) : [];
  return { files, newer: before.length > 0 ? place(files[0], 'newer') : null, older, ...budget.unsearched };
}

function placeOf(order: IndexedOrder, file: FoundFile, direction: ListCursor['direction']): ListCursor {
  const { fileId } = file;
  if (order === 'largest' || order === 'smallest') return { direction, sharedAt: bytesOf(file), fileId };
  return { direction, sharedAt: 0, fileId, name: nameStart(file) };
}

const bytesOf = ({ storedBytes, size }: Pick<FoundFile, 'storedBytes' | 'size'>) => storedBytes ?? size ?? 0;

/** The beginning of a folded name, as the index has it. */
const nameStart = (file: FoundFile) => cut(foldFile(file));

const cut = (folded: string) => [...folded].slice(0, INDEXED_NAME_LENGTH).join('');

async function byHand(catalog: Catalog, o: Asked & { sort: ListSort }): Promise<SortedPage> {
  const { sort, cursor, limit, budget = new Budget() } = o;
  const { files: found, more } = await gather(catalog, { ...o, budget });
  const sign = sort === 'oldest' || sort === 'name' || sort === 'smallest' ? 1 : -1;
  const keyOf = (file: LeanFile) => {
    if (sort === 'newest' || sort === 'oldest') return file.listedAt;
    return sort === 'name' || sort === 'name-down' ? cut(file.folded) : bytesOf(file);
  };
  const entries = found
    .map((file) => ({ file, key: keyOf(file), fileId: file.fileId }))
    .sort((a, b) => sign * (compareKeys(a.key, b.key) || compareKeys(a.fileId, b.fileId)));
  const start = cursor === undefined ? 0 : startOf(entries, cursor, sign, limit);
  const shown = entries.slice(start, start + limit);
  const place = (entry: (typeof entries)[number] | undefined, direction: ListCursor['direction']) =>
    entry === undefined
      ? null
      : {
          direction,
          fileId: entry.fileId,
          ...(typeof entry.key === 'number' ? { sharedAt: entry.key } : { sharedAt: 0, name: entry.key }),
        };
  return {
    files: await wholeFiles(
      catalog,
      shown.map(({ file }) => file),
    ),
    newer: start > 0 ? place(shown[0], 'newer') : null,
    older: start + limit < entries.length ? place(shown.at(-1), 'older') : null,
    ...(budget.isSpent || budget.isBehind ? {} : { gathered: found }),
    ...(more && !budget.isSpent ? { sortedOf: MOST_GATHERED } : {}),
    ...budget.unsearched,
  };
}

/** Where a page begins that lies before or after a place. */
function startOf(
  entries: Array<{ key: string | number; fileId: string }>,
  { direction, sharedAt, name, fileId }: ListCursor,
  sign: number,
  limit: number,
): number {
  const isBeyond = (entry: { key: string | number; fileId: string }) =>
    sign *
    (compareKeys(entry.key, typeof entry.key === 'number' ? sharedAt : (name ?? '')) ||
      compareKeys(entry.fileId, fileId));
  const from = entries.findIndex((entry) =>
    direction === 'older' ? isBeyond(entry) > 0 : isBeyond(entry) >= 0,
  );
  const at = from < 0 ? entries.length : from;
  if (direction === 'newer') return Math.max(0, at - limit);
  return at < entries.length ? at : 0;
}
