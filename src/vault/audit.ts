import { recordAudit } from '../catalog/governance/audit.ts';
import {
  type AuditCursor,
  type AuditFilter,
  type AuditPage,
  auditPage,
  filterInLog,
} from '../catalog/governance/audit-list.ts';
import { type Hold, holdsOfFile } from '../catalog/governance/holds.ts';
import { filesNamed } from '../catalog/search/named.ts';
import { tooCommonName } from '../refusals/exports.ts';
import { requireAuditor } from './access.ts';
import { parseAuditFilter, type TypedAuditFilter } from './audit-filter.ts';
import { type NamedLine, namesFor, seerFor } from './audit-names.ts';
import type { Vault } from './context.ts';
import { type Named, namesOfChannels, namesOfPeople, namesShown } from './names.ts';

/** With more files of one name, the words are too common to tell much. */
const MOST_NAMED = 200;

export interface AuditLog {
  filter: TypedAuditFilter;
  page: Omit<AuditPage, 'entries'> & { entries: NamedLine[] };
  /** The file that was asked for, if this reader may open its Details but not see it in Slack. */
  details: string | null;
  /** The holds that cover the one file that was asked for; null when none or several were. */
  holds: Hold[] | null;
  names: Named;
}

/**
 * One page of the audit log, for admins and auditors; `query` is what they typed. The look itself is written down.
 * Throws `UserError`.
 */
export async function auditLog(
  vault: Vault,
  asked: {
    userId: string;
    query: string;
    limit: number;
    from?: AuditCursor;
    direction?: 'older' | 'newer';
  },
): Promise<AuditLog> {
  const { userId, query, limit, from = null, direction = 'older' } = asked;
  const filter = await auditFilterFor(vault, { userId, query });
  const { teamId } = vault.identity;
  const page = await auditPage(vault.catalog, { teamId, filter, from, direction, limit });
  const named = await namesFor(vault, userId);
  const entries = await Promise.all(page.entries.map(named));
  const sees = await vault.rights.oversees(userId);
  const fileId = fileOf(filter);
  const holds = fileId === null ? null : await holdsOfFile(vault.catalog, { teamId, fileId });
  // The reader is written into the log before they read it.
  await recordAudit(vault.catalog, {
    ...{ at: vault.now(), teamId, actorId: userId, action: 'looked' as const },
    ...{ fileId: filter.fileId ?? null, channelId: null },
    detail: { what: 'audit', filter: inIds(filter) },
  });
  const names = await namesIn(vault, { userId, entries, filter, holds: holds ?? [], sees });
  return { filter, page: { ...page, entries }, details: sees ? fileId : null, holds, names };
}

/** The plain names of people and channels on a page. Only those who oversee the vault read the name of every channel. */
async function namesIn(
  vault: Vault,
  o: {
    userId: string;
    entries: NamedLine[];
    filter: TypedAuditFilter;
    holds: Hold[];
    sees: boolean;
  },
): Promise<Named> {
  const { entries, filter, holds } = o;
  const channels = [...entries, ...holds].map(({ channelId }) => channelId).concat(filter.channelId ?? []);
  const people = [
    filter.actorId ?? null,
    ...entries.flatMap(({ actorId, detail }) => [actorId, String(detail.personId ?? '')]),
    ...holds.flatMap(({ setBy, personId }) => [setBy, personId]),
  ];
  if (!o.sees) return namesShown(vault, o.userId, { people, channels });
  const every = channels.filter((id) => id !== null);
  const [named, places] = await Promise.all([namesOfPeople(vault, people), namesOfChannels(vault, every)]);
  return { people: named, channels: places };
}

/** Typed words may name a file, so they are not written down. */
function inIds({ text, cut, ...filter }: TypedAuditFilter): Record<string, unknown> {
  return filterInLog(filter);
}

/** The only file that a filter selects, if it is one. */
function fileOf({ fileId, fileIds }: AuditFilter): string | null {
  if (fileId !== undefined) return fileId;
  return fileIds?.length === 1 ? (fileIds[0] ?? null) : null;
}

/**
 * The entries that these words select; days are in the reader's time zone. A name finds only files whose names this
 * reader may know; of more than `most` files, only the newest (`cut`). Throws `UserError`.
 */
export async function auditFilterFor(
  vault: Vault,
  { userId, query, most = MOST_NAMED }: { userId: string; query: string; most?: number },
): Promise<TypedAuditFilter> {
  await requireAuditor(vault, userId);
  const { timeZone, timeZoneOffset } = await vault.people.person(userId);
  const filter = parseAuditFilter(query, { now: vault.now(), timeZone, timeZoneOffset });
  if (filter.text === undefined) return filter;
  const { teamId } = vault.identity;
  // Files that this reader may not know do not count: how many there are is not told either.
  const knows = await seerFor(vault, userId);
  const named = { teamId, text: filter.text, most: most + 1, knows };
  const { fileIds, stopped } = await filesNamed(vault.catalog, named);
  if (stopped) throw tooCommonName();
  return { ...filter, fileIds: fileIds.slice(0, most), ...(fileIds.length > most ? { cut: most } : {}) };
}
