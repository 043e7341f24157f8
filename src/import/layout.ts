import type { Archive, ArchiveProblem } from './archive.ts';
import type { EntryIndex } from './entry-index.ts';
import { ImportError } from './errors.ts';
import type { KnownNames } from './known-names.ts';
import { LIST_NAMES, slackExport } from './slack-export.ts';
import { chunkFolderIn, slackdumpChunks } from './slackdump-chunks.ts';
import { DATABASE, slackdumpDatabase } from './slackdump-database.ts';
import { hasDumps, slackdumpDumps } from './slackdump-dump.ts';
import type { ImportSource } from './source.ts';
import { TABLE, tableOfFiles } from './table.ts';
import { textExport, textExportIn } from './text-export.ts';

/** What the layouts need besides the archive. */
export interface LayoutOptions extends KnownNames {
  onUnreadable(entry: { path: string }, error: unknown): void;
  onProblem(problem: ArchiveProblem): void;
}

/**
 * What is in an archive, by workspace. Layouts are told apart by the names in it. Throws `ImportError` `unknown_layout` with what
 * was found instead.
 */
export async function* sourcesIn(
  archive: Archive,
  index: EntryIndex,
  options: LayoutOptions,
): AsyncGenerator<ImportSource> {
  const [database] = index.named(DATABASE);
  if (database !== undefined) return yield await slackdumpDatabase(archive, index, database, options);
  const roots = exportsIn(index);
  if (roots.length > 0) {
    const sources: ImportSource[] = [];
    for (const root of roots) sources.push(await slackExport(archive, index, root, options.onUnreadable));
    // Channels that several workspaces of an organisation share stand above them, and are nobody's alone.
    const isShared = roots.map((root) => roots.length > 1 && !/(?:^|\/)teams\/[^/]+$/.test(root));
    const sharedBy = sources.filter((_, at) => !isShared[at]).map(({ teamId }) => teamId);
    for (const [at, source] of sources.entries()) {
      const several = { ...source, isOneOfSeveral: roots.length > 1 };
      yield isShared[at] ? { ...several, teamId: null, sharedBy } : several;
    }
    return;
  }
  const [table] = index.named(TABLE);
  if (table !== undefined) return yield await tableOfFiles(archive, index, table, options);
  const chunks = chunkFolderIn(index);
  if (chunks !== undefined) return yield await slackdumpChunks(archive, index, chunks);
  if (hasDumps(index)) return yield slackdumpDumps(archive, index);
  const texts = textExportIn(index);
  if (texts !== undefined) return yield await textExport(archive, index, texts, options);
  throw unknownLayout(index, archive.name);
}

/**
 * The folders that are an export each. One for a workspace's export, wherever it is in the archive; for an organisation's export
 * its own (channels of several workspaces) and one for each workspace in `teams/`.
 */
function exportsIn(index: EntryIndex): string[] {
  const roots = new Map<string, number>();
  for (const list of LIST_NAMES) {
    for (const { path } of index.named(list)) {
      const root = path.slice(0, Math.max(0, path.length - list.length - 1));
      roots.set(root, root === '' ? 0 : root.split('/').length);
    }
  }
  const least = Math.min(...roots.values());
  const top = [...roots].filter(([, depth]) => depth === least).map(([root]) => root);
  const teams = [...roots.keys()].filter((root) => /(?:^|\/)teams\/[^/]+$/.test(root));
  return [...new Set([...top, ...teams])];
}

/** So many names are in the sentence. */
const NAMED = 5;

function unknownLayout(index: EntryIndex, name: string): ImportError {
  const files = [...take(index.filesIn(''))].map(({ path }) => path);
  const folders = [...take(index.foldersIn(''))].map((folder) => `${folder}/`);
  const seen = [...folders, ...files];
  const what = seen.length === 0 ? 'is empty' : `has ${seen.join(', ')}${index.count > NAMED ? ', …' : ''}`;
  return new ImportError(
    'unknown_layout',
    `${name} ${what}. It would need ${LIST_NAMES.join(', ')} (an export of Slack), the folders channels, dms and files with texts (an export of one person), ${DATABASE}, channels.json.gz or C….json (slackdump), or ${TABLE} (a table of your own). Give the whole zip file or folder.`,
  );
}

function* take<T>(all: Iterable<T>): Generator<T> {
  let count = 0;
  for (const one of all) {
    yield one;
    count += 1;
    if (count === NAMED) return;
  }
}
