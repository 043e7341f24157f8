import type { FileRow, ListFilter } from '../../catalog/model.ts';
import type { Viewer } from '../../catalog/search/find.ts';
import { countUpTo, type LeanFile } from '../../catalog/search/gather.ts';
import type { Known } from '../../catalog/search/known.ts';
import type { SortedPage } from '../../catalog/search/sorted.ts';
import { totals, unkeptSums } from '../../catalog/totals/stats.ts';
import { RANK } from '../../text/match-rank.ts';
import type { Vault } from '../context.ts';
import { searchedTexts } from './searched.ts';
import { togetherIn } from './together.ts';

/** How many files a list has, and how much they are. */
export interface Total {
  files: number;
  /** There are more than were counted. */
  more: boolean;
  /** What all of them take; null if it was not summed. */
  bytes: number | null;
}

/** Counting may take this long (ms); then what was counted is told as "at least". */
const PATIENCE_MS = 20;

/**
 * How many files a person finds, only of those that they may see. A list without filters is counted by the sums that
 * every change keeps. Otherwise files are counted up to a thousand.
 */
export async function totalOf(
  vault: Pick<Vault, 'catalog' | 'policy' | 'bucket' | 'log' | 'identity'>,
  o: { viewer: Viewer; filter: ListFilter; page: SortedPage; isFirst: boolean; known?: Known | undefined },
): Promise<Total> {
  const { viewer, page, known } = o;
  const { catalog } = vault;
  const { sort: _, channelId: __, ...filter } = o.filter;
  if (o.isFirst && page.older === null && !page.stopped)
    return { files: page.files.length, more: false, bytes: sum(page.files) };
  if (Object.keys(filter).length === 0 && viewer.ownUserId === undefined) return bySums(catalog, viewer);
  // To be put in order, they were found already.
  if (page.gathered) return counted(page.gathered, page.sortedOf !== undefined);
  const are = page.files.at(-1)?.rank === RANK.similar ? 'similar' : 'asked';
  const asked = { viewer, filter, known, ...searchedTexts(vault), together: togetherIn(vault, filter) };
  const { files, count, more } = await countUpTo(catalog, asked, { ms: PATIENCE_MS, are });
  if (more && Object.keys(filter).length === 0) return bySums(catalog, viewer);
  return { files: count, more, bytes: more ? null : sum(files) };
}

const counted = (files: LeanFile[], more: boolean): Total => ({
  files: files.length,
  more,
  bytes: more ? null : sum(files),
});

async function bySums(catalog: Vault['catalog'], viewer: Viewer): Promise<Total> {
  const { teamId, channelIds, ownUserId } = viewer;
  const own = ownUserId === undefined ? {} : { ownUserId };
  const [saved, others] = await Promise.all([
    totals(catalog, { teamId, channelIds, ...own }),
    unkeptSums(catalog, { teamId, channelIds, whole: false }),
  ]);
  const notKept = others.notKept.reduce((all, { files }) => all + files, 0);
  // What a person uploaded where they cannot look any more is summed only when it is saved.
  return { files: saved.files + notKept + others.waiting, more: false, bytes: saved.bytes };
}

function sum(files: ReadonlyArray<Pick<FileRow, 'state' | 'storedBytes'>>): number {
  return files.reduce(
    (all, { state, storedBytes }) => all + (state === 'stored' ? (storedBytes ?? 0) : 0),
    0,
  );
}
