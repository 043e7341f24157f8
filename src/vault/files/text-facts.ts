import type { FileRow } from '../../catalog/model.ts';
import { type ReadingCounts, readingCounts, readingOf } from '../../catalog/reading/rows.ts';
import { isReadAnywhere, wantedOf } from '../../catalog/reading/wanted.ts';
import type { ReadingLack } from '../../text/reading-lacks.ts';
import type { Vault } from '../context.ts';
import { searchedTexts } from './searched.ts';

/** Why the text of a file is not searched; `part` if some of it is. */
export interface Unread {
  reason: string;
  part: boolean;
}

/** Of a program or a picture nobody expects it. */
const EXPECTED = 'not_readable';
/** Details say it. But it is as the settings have it, so the status counts no such files. */
const AS_SET = 'pictures_not_read';

/** What keeps the text of a stored file from being searched; null if nothing does, or nobody could expect it. Asks for no rights. */
export async function unreadOf(vault: Vault, file: FileRow): Promise<Unread | null> {
  if (file.state !== 'stored' || !(await isRead(vault, file))) return null;
  const row = await readingOf(vault.catalog, file);
  if (row === undefined || row.sha256 !== (file.sha256 ?? '')) return null;
  const { reason, state } = row;
  return reason === null || reason === EXPECTED ? null : { reason, part: state === 'read' };
}

/** Whether a channel that holds the file wants it to be read. */
export async function isRead(vault: Vault, file: FileRow): Promise<boolean> {
  return (await wantedOf(vault.catalog, file, searchedTexts(vault).contents)) === 'yes';
}

/** How far the vault is with reading, for people who run it. */
export interface ReadingHealth extends ReadingCounts {
  /** What this machine lacks to read files, or letters in pictures. */
  lacks: ReadingLack[];
}

/** Null if nothing is read here. */
export async function readingHealth(vault: Vault): Promise<ReadingHealth | null> {
  if (!(await isReadAnywhere(vault.catalog, searchedTexts(vault).contents))) return null;
  const { unread, ...left } = await readingCounts(vault.catalog, vault.identity.teamId);
  const lacks = vault.room?.lacks() ?? [];
  return { ...left, lacks, unread: unread.filter(({ reason }) => reason !== EXPECTED && reason !== AS_SET) };
}
