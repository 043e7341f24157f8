import type { Catalog } from '../catalog/db/open.ts';
import { olderVersions } from '../catalog/files/versions.ts';
import { type AuditLine, auditEntries } from '../catalog/governance/audit-list.ts';
import type { ExportJob } from '../catalog/governance/exports.ts';
import { type ManifestFile, manifestFiles, workspaceFiles } from '../catalog/governance/manifest.ts';
import { AUDIT_WORDS } from '../text/audit-words.ts';
import { BOT_NAME } from '../text/handles.ts';
import { type Cell, csvLine, jsonLine } from './csv.ts';

/** This many rows are read from the catalog at a time and sent to the bucket as one piece. */
const PAGE = 500;

const MANIFEST = [
  ...['file_id', 'name', 'title', 'type', 'mimetype', 'bytes', 'sha256'],
  ...['uploaded_by', 'shared_by', 'shared_at', 'stored_at', 'object_key'],
  // Newer columns come last, so that programs that read the older ones still work.
  ...['state', 'reason', 'external_url', 'version'],
];
type Named = (line: AuditLine) => Promise<AuditLine & { channelNamed?: boolean }>;

const WORKSPACE = [...MANIFEST, 'channel_ids', 'channel_names'];

const AUDIT = [
  ...['at', 'who', 'action', 'file_id', 'file_name', 'channel_id', 'detail'],
  // Newer columns come last, as above.
  ...['what', 'who_name', 'channel_name'],
];

/** The names of people and channels, by their ids; null where none is known. */
export interface TableNames {
  person(userId: string): Promise<string | null>;
  channel(channelId: string): string | null;
}

const NO_NAMES: TableNames = { person: async () => null, channel: () => null };

/**
 * The bytes of an export, piece by piece, so that a million rows take no more memory than a few hundred. `onRow` is
 * called for each row. Only admins get object keys. `named` removes from the entries of the audit log what the reader
 * may not know.
 */
export async function* tableBytes(
  catalog: Catalog,
  job: ExportJob,
  o: { withKeys: boolean; onRow(): void; named?: Named; names?: TableNames },
): AsyncGenerator<Buffer> {
  const names = { audit: AUDIT, manifest: MANIFEST, workspace: WORKSPACE }[job.kind];
  const line = (cells: Cell[]) => (job.format === 'csv' ? csvLine(cells) : jsonLine(names, cells));
  // The byte order mark tells spreadsheets that the text is UTF-8.
  let text = job.format === 'csv' ? `\ufeff${csvLine(names)}` : '';
  let waiting = 0;
  const rows = { audit: auditRows, manifest: manifestRows, workspace: workspaceRows }[job.kind];
  for await (const cells of rows(catalog, job, o)) {
    text += line(cells);
    o.onRow();
    if (++waiting < PAGE) continue;
    yield Buffer.from(text);
    text = '';
    waiting = 0;
  }
  if (text !== '') yield Buffer.from(text);
}

async function* auditRows(
  catalog: Catalog,
  { teamId, filter }: ExportJob,
  { named = async (entry) => entry, names = NO_NAMES }: { named?: Named; names?: TableNames },
): AsyncGenerator<Cell[]> {
  const nameOf = async (id: string) => (id === 'vault' ? BOT_NAME : names.person(id));
  for await (const entry of auditEntries(catalog, { teamId, filter, pageSize: PAGE })) {
    const {
      at,
      actorId,
      action,
      fileId,
      fileName,
      channelId,
      channelNamed = true,
      detail,
    } = await named(entry);
    const channelName = channelId !== null && channelNamed ? names.channel(channelId) : null;
    yield [
      ...[time(at), actorId, action, fileId, fileName, channelId, JSON.stringify(detail)],
      ...[AUDIT_WORDS[action], await nameOf(actorId), channelName],
    ];
  }
}

async function* manifestRows(
  catalog: Catalog,
  { teamId, channelId }: ExportJob,
  { withKeys }: { withKeys: boolean },
): AsyncGenerator<Cell[]> {
  for await (const file of manifestFiles(catalog, { teamId, channelId, pageSize: PAGE })) {
    yield manifestCells(file, withKeys);
    if (file.olderVersions === 0) continue;
    for (const { number: version, ...older } of await olderVersions(catalog, { teamId, fileId: file.fileId }))
      yield manifestCells({ ...file, ...older, version }, withKeys);
  }
}

async function* workspaceRows(
  catalog: Catalog,
  { teamId }: ExportJob,
  { withKeys, names = NO_NAMES }: { withKeys: boolean; names?: TableNames },
): AsyncGenerator<Cell[]> {
  for await (const file of workspaceFiles(catalog, { teamId, pageSize: PAGE })) {
    const channelNames = file.channelIds.map((id) => names.channel(id) ?? id);
    const places = [file.channelIds.join(' '), channelNames.join(' ')];
    yield [...manifestCells(file, withKeys), ...places];
    if (file.olderVersions === 0) continue;
    for (const { number: version, ...older } of await olderVersions(catalog, { teamId, fileId: file.fileId }))
      yield [...manifestCells({ ...file, ...older, version }, withKeys), ...places];
  }
}

/** One version of a file; the newest comes first. */
function manifestCells(file: ManifestFile, withKeys: boolean): Cell[] {
  return [
    ...[file.fileId, file.name, file.title, file.filetype, file.mimetype, file.storedBytes, file.sha256],
    ...[file.uploaderId, file.sharedBy, time(file.sharedAt), time(file.storedAt)],
    withKeys ? file.objectKey : null,
    ...[file.state, file.reason, file.externalUrl, file.version],
  ];
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
