import { recordAudit } from '../catalog/governance/audit.ts';
import {
  type AuditCursor,
  type AuditFilter,
  type AuditPage,
  auditPage,
} from '../catalog/governance/audit-list.ts';
import { requireAuditor } from './access.ts';
import { parseAuditFilter } from './audit-filter.ts';
import { type NamedLine, namesFor } from './audit-names.ts';
import type { Vault } from './context.ts';

export interface AuditLog {
  filter: AuditFilter;
  page: Omit<AuditPage, 'entries'> & { entries: NamedLine[] };
  /** The file that was asked for, if this reader may open its Details but not see it in Slack. */
  details: string | null;
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
  // The reader is written into the log before they read it.
  await recordAudit(vault.catalog, {
    ...{ at: vault.now(), teamId, actorId: userId, action: 'looked' as const },
    ...{ fileId: filter.fileId ?? null, channelId: null, detail: { what: 'audit', query } },
  });
  return { filter, page: { ...page, entries }, details: sees ? (filter.fileId ?? null) : null };
}

/** The entries that these words select; days are in the reader's time zone. Throws `UserError`. */
export async function auditFilterFor(
  vault: Vault,
  { userId, query }: { userId: string; query: string },
): Promise<AuditFilter> {
  await requireAuditor(vault, userId);
  const { timeZoneOffset } = await vault.people.person(userId);
  return parseAuditFilter(query, { now: vault.now(), timeZoneOffset });
}
