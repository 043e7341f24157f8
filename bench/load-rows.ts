import { tagsOf } from '../src/catalog/derived/update.ts';
import { describe } from '../src/catalog/files/merge.ts';
import { wordPieces } from '../src/catalog/search/index-terms.ts';
import { CHANNELS, fileAt, isTrashed, OBJECT, sharedFile, TEAM } from './sample.ts';

/** One file in this many was downloaded once, according to the audit log. */
const DOWNLOADED = 10;
const TRASH_MS = 30 * 86_400_000;

export type Value = string | number | null;

/** The columns of the rows that are written one by one, by table. The rest is made from these. */
export const COLUMNS = {
  file: [
    ...['id', 'team_id', 'file_id', 'name', 'title', 'mimetype', 'filetype', 'mode', 'size', 'uploader_id'],
    ...['created_at', 'url', 'known_as', 'folded', 'state', 'channel_id', 'message_ts', 'shared_at'],
    ...['object_key', 'stored_bytes', 'sha256', 'crc32', 'etag', 'proof', 'stored_at', 'audience_id'],
    ...['trashed_at', 'trashed_by', 'purge_at', 'due_at'],
  ],
  channel_file: ['team_id', 'file_id', 'channel_id', 'shared_at', 'shared_by', 'listed_as'],
  audit: ['at', 'team_id', 'actor_id', 'action', 'file_id', 'channel_id', 'detail'],
} as const;

/** The tables with one or more rows for each file. Making their indexes at the end is faster. */
export const LARGE = ['file', 'share', 'channel_file', 'listing', 'audit'] as const;

/** What the catalog holds of one file after its capture and its journal entry. */
export interface FileRows {
  file: Value[];
  channelFile: Value[];
  audits: Value[][];
  /** What it is listed under; null for a file in the trash. */
  tags: string[] | null;
}

const audienceIds = new Map(CHANNELS.map((channelId, i) => [channelId, i + 1]));

/** The audience of this channel alone. */
export const audienceOf = (channelId: string) => audienceIds.get(channelId) as number;

/** The rows of channels and of audiences, one audience for each channel. */
export function channelRows(): Array<{ channelId: string; audienceId: number }> {
  return [...audienceIds].map(([channelId, audienceId]) => ({ channelId, audienceId }));
}

/** The rows of the i-th file of a workspace whose last one is shared at `end` (ms), and its name begins with `front`. */
export function fileRows(i: number, stepMs: number, end: number, front = ''): FileRows {
  const plain = fileAt(i, stepMs);
  const sample = { ...plain, name: `${front}${plain.name}` };
  const { fileId, channelId, uploaderId, at } = sample;
  const file = sharedFile(sample);
  const { knownAs, folded, ...told } = describe({ ...file, teamId: TEAM, fileId } as never);
  const trashedAt = isTrashed(i) ? end - ((i * 7_919_000) % TRASH_MS) : null;
  const purgeAt = trashedAt === null ? null : trashedAt + TRASH_MS;
  const tags = trashedAt === null ? tagsOf({ ...file, facts: '{}' } as never, uploaderId) : null;
  const { name, title, mimetype, filetype, mode, size, createdAt, url } = told;
  const audits: Value[][] = [];
  if (i % DOWNLOADED === 0) audits.push([at, TEAM, uploaderId, 'link', fileId, channelId, '{"minutes":5}']);
  if (trashedAt !== null) audits.push([trashedAt, TEAM, uploaderId, 'trashed', fileId, channelId, '{}']);
  return {
    file: [
      ...[i + 1, TEAM, fileId, name, title, mimetype, filetype, mode, size, uploaderId],
      ...[createdAt, url, knownAs, folded, trashedAt === null ? 'stored' : 'trashed', channelId],
      ...[(at / 1_000).toFixed(6), at, `v/${fileId}`, OBJECT.bytes, OBJECT.sha256, OBJECT.crc32],
      ...[OBJECT.etag, OBJECT.proof, at, audienceOf(channelId)],
      ...[trashedAt, trashedAt === null ? null : uploaderId, purgeAt, purgeAt],
    ],
    channelFile: [TEAM, fileId, channelId, at, uploaderId, tags?.join(' ') ?? null],
    ...{ audits, tags },
  };
}

/** Adds the words of a file's name to the known words, as the catalog's triggers would. */
export function noteWords({ file }: FileRows, known: Set<string>): void {
  const folded = file[COLUMNS.file.indexOf('folded')] as string;
  for (const word of wordPieces(folded)) if (word.length >= 3 && word.length <= 24) known.add(word);
}

const sums = `count(*), sum(stored_bytes) from file where state = 'stored'`;

/**
 * Statements for the sums that the catalog keeps of the rows, in both databases; `month` is SQL for the month
 * of `shared_at`.
 */
export function sumStatements(month: string): string[] {
  const breakdown = (part: string, name: string) =>
    `insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, '${part}', ${name}, ${sums} group by team_id, audience_id, ${name}`;
  return [
    `insert into tally (team_id, uploader_id, audience_id, files, bytes)
      select team_id, uploader_id, audience_id, ${sums} group by team_id, uploader_id, audience_id`,
    breakdown('month', month),
    breakdown('type', 'filetype'),
    `insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, 'trash', '', count(*), sum(stored_bytes) from file where state = 'trashed'
      group by team_id, audience_id`,
    `update audience set
      files = (select coalesce(sum(t.files), 0) from tally t where t.audience_id = audience.id),
      bytes = (select coalesce(sum(t.bytes), 0) from tally t where t.audience_id = audience.id)`,
  ];
}
