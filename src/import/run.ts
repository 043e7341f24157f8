import { stat } from 'node:fs/promises';
import { claimWorkspace } from '../catalog/governance/workspace.ts';
import type { Archive, ArchiveProblem, ProblemCode } from './archive.ts';
import { type EntryIndex, indexEntries, type Notes } from './entry-index.ts';
import { ImportError } from './errors.ts';
import { openFolder } from './folder-archive.ts';
import { asKnown } from './known-already.ts';
import type { KnownNames } from './known-names.ts';
import { sourcesIn } from './layout.ts';
import { look } from './look.ts';
import { recordFound } from './record.ts';
import { addFile, addProblem, type ImportReport, newReport } from './report.ts';
import type { Found, FoundList, ImportSource } from './source.ts';
import type { StoreOptions } from './store.ts';
import { startStorer } from './storer.ts';
import { startTrial } from './trial.ts';
import { openZip } from './zip-archive.ts';

export interface ImportOptions
  extends Omit<StoreOptions, 'archive' | 'index' | 'teamId' | 'from'>,
    KnownNames {
  path: string;
  /** The workspace, where the archive does not say it. */
  teamId?: string;
  /** The workspace of the vault, or its organisation: nothing of another one comes in. */
  ours?: string;
  /** The workspaces of that organisation: what is of them comes in under the organisation's id. */
  workspaces?: readonly string[];
  dryRun: boolean;
  /** How many files are stored side by side. */
  concurrency: number;
  /** Told after each list of messages, and in the middle of long ones: lists read to their end, and all of them. */
  onProgress(done: number, all: number, report: ImportReport): void;
  signal: AbortSignal;
}

/** An import writes far more than it reads again, so that the catalog needs little of its database in memory. */
export const IMPORT_CACHE_MIB = 16;

/** Files that are written down in one go. More would keep a bot beside it waiting. */
const BATCH = 250;

/**
 * Brings the files of an archive into the vault. It may be stopped at any moment, by a kill too, and begun again: what is
 * done is passed over quickly. Throws `ImportError` when it cannot begin, and `StorageError` or `CatalogError` when it
 * cannot go on.
 */
export async function importArchive(options: ImportOptions): Promise<ImportReport> {
  const archive = await openArchive(options.path);
  const report = newReport(archive.name, options.teamId ?? '', options.dryRun);
  try {
    const index = await indexEntries(archive, (problem) => addProblem(report, problem));
    try {
      const onUnreadable = tellUnreadable(report);
      const onProblem = (problem: ArchiveProblem) => addProblem(report, problem);
      for await (const source of sourcesIn(archive, index, { ...options, onUnreadable, onProblem }))
        await importSource({ ...options, archive, index }, source, report);
    } finally {
      index.close();
    }
  } finally {
    await archive.close();
  }
  return report;
}

async function openArchive(path: string): Promise<Archive> {
  const facts = await stat(path).catch((cause: unknown) => {
    const message = `There is nothing at ${path}, or it cannot be read: check the path.`;
    throw new ImportError('no_archive', message, { cause });
  });
  return facts.isDirectory() ? openFolder(path) : openZip(path);
}

type Options = Omit<ImportOptions, 'path'> & { archive: Archive; index: EntryIndex };

async function importSource(options: Options, source: ImportSource, report: ImportReport): Promise<void> {
  const { archive, index, catalog, dryRun, signal } = options;
  const { from, listCount } = source;
  const { ours, workspaces = [] } = options;
  const told = source.teamId ?? options.teamId ?? null;
  const workspace = told !== null && workspaces.includes(told) ? told : null;
  const teamId = (workspace === null ? told : ours) ?? ours ?? null;
  if (teamId === null)
    throw new ImportError(
      'unknown_workspace',
      `Nothing in ${archive.name} says which workspace it is from: name it with --team T….`,
    );
  const isOther = (id: string) => id !== ours && !workspaces.includes(id);
  if (ours !== undefined && isOther(teamId)) {
    if (source.isOneOfSeveral)
      return addProblem(report, { path: `workspace ${teamId}`, code: 'other_workspace' });
    throw new ImportError('other_workspace', otherWorkspace(archive.name, teamId, ours));
  }
  // What others share among themselves is none of ours. A workspace of which the archive says nothing proves nothing.
  const sharedBy = source.sharedBy?.filter((id) => id !== null) ?? [];
  if (ours !== undefined && sharedBy.length > 0 && sharedBy.every(isOther))
    return addProblem(report, { path: `shared by ${sharedBy.join(', ')}`, code: 'other_workspace' });
  if (!dryRun) await claimWorkspace(catalog, teamId);
  report.teamId = teamId;
  report.conversations += source.conversations;
  const storing: StoreOptions = { ...options, teamId, workspace, from };
  const seen = index.notes();
  const known = { catalog, teamId, archive, index, signal, paths: index.notes() };
  const storer = startStorer(storing, options.concurrency, signal, report);
  const tryOut = startTrial(index, report);
  let done = 0;
  const take = async (batch: Found[]) => {
    const found = await asKnown(known, batch);
    for (const [i, { sighting }] of batch.entries())
      if (found[i] !== batch[i]) seen.isFirst(sighting.file.fileId);
    report.shares += found.length;
    const seenHere = dryRun ? await look(storing, found) : undefined;
    for (const one of seenHere ?? []) tryOut(one);
    for (const one of seenHere ?? (await recordFound(storing, found))) {
      const isFirst = seen.isFirst(one.fileId);
      if (isFirst) addFile(report, one);
      if (one.isForeign) addProblem(report, { path: one.fileId, code: 'foreign_address' });
      // A later message may show a file whole that an earlier one did not.
      if (!dryRun && (isFirst || one.state === 'pending')) await storer.add(one);
    }
    options.onProgress(done, listCount, report);
  };
  const batch = inBatches(take);
  let elsewhere: Notes | undefined;
  const isOnlyElsewhere = async ({ sighting }: Found) => {
    const { fileId } = sighting.file;
    if (elsewhere === undefined) await batch.flush();
    elsewhere ??= index.notes();
    if (seen.has(fileId) && !elsewhere.has(fileId)) return false;
    elsewhere.isFirst(fileId);
    return true;
  };
  const mayGoOn = () => !storer.isBroken() && !signal.aborted;
  try {
    for await (const list of source.lists()) {
      if (!mayGoOn()) break;
      await readList(list, teamId, async (found) => {
        if (!found.isElsewhere || (await isOnlyElsewhere(found))) await batch.add(found);
        return mayGoOn();
      });
      done += 1;
      options.onProgress(done, listCount, report);
    }
    if (mayGoOn()) await batch.flush();
  } finally {
    await storer.finish();
  }
  signal.throwIfAborted();

  /** Reads a list to its end, or until it breaks off: what came before counts all the same. */
  async function readList(
    list: FoundList,
    team: string,
    onFound: (found: Found) => Promise<boolean>,
  ): Promise<void> {
    const reader = list.files(team)[Symbol.asyncIterator]();
    for (;;) {
      const next = await reader.next().catch((error: unknown) => {
        tellUnreadable(report)(list, error);
        return { done: true, value: undefined } as const;
      });
      if (next.done) return;
      if (!(await onFound(next.value))) return void (await reader.return?.());
    }
  }
}

function otherWorkspace(archive: string, told: string, ours: string): string {
  const about = `${archive} is from the workspace ${told}`;
  // An organisation's id begins with E.
  return ours.startsWith('E')
    ? `${about}, and the organisation ${ours} did not add the app to it: if it is one of its own, add the app there first.`
    : `${about}, and this vault is of ${ours}: each workspace has a vault of its own.`;
}

/** Hands on what comes, many at a time. */
function inBatches(take: (batch: Found[]) => Promise<void>) {
  let batch: Found[] = [];
  const flush = async () => {
    const full = batch;
    batch = [];
    if (full.length > 0) await take(full);
  };
  return {
    flush,
    async add(found: Found) {
      batch.push(found);
      if (batch.length >= BATCH) await flush();
    },
  };
}

function tellUnreadable(report: ImportReport) {
  return ({ path }: { path: string }, error: unknown) => {
    if (!(error instanceof ImportError || error instanceof SyntaxError)) throw error;
    const where = error instanceof ImportError && error.code === 'bad_table' ? error.message : path;
    addProblem(report, { path: where, code: error instanceof SyntaxError ? 'no_json' : problemOf(error) });
  };
}

function problemOf({ code }: ImportError): ProblemCode {
  if (code === 'bad_table') return 'bad_table';
  return code === 'entry_too_large' ? 'too_large' : 'damaged';
}
