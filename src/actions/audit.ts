import { AUDIT_PAGE, auditScreen } from '../blocks/audit.ts';
import type { Screen } from '../blocks/elements.ts';
import { decodePlace, placeNumber, placeText } from '../blocks/place.ts';
import { staleScreen } from '../blocks/stale.ts';
import { recordAudit } from '../catalog/audit.ts';
import { type AuditFilter, type AuditPlace, auditPage } from '../catalog/govern/audit-list.ts';
import { parseAuditFilter } from '../commands/audit-filter.ts';
import { namesFor } from '../export/audit-names.ts';
import { wantExport } from '../export/want.ts';
import { COMMAND } from '../text/handles.ts';
import { requireAuditor } from '../vault/access.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';

interface Asked {
  userId: string;
  channelId: string;
  query: string;
  from?: AuditPlace;
  direction?: 'older' | 'newer';
}

/** One page of the audit log, for admins and auditors. Throws `UserError`. */
export async function auditPageFor(vault: Vault, asked: Asked): Promise<Screen> {
  const { channelId, query, from = null, direction = 'older' } = asked;
  const filter = await filterFor(vault, asked);
  const { teamId } = vault.identity;
  const page = await auditPage(vault.catalog, { teamId, filter, from, direction, limit: AUDIT_PAGE });
  const named = await namesFor(vault, asked.userId);
  const entries = await Promise.all(page.entries.map(named));
  const sees = await vault.rights.oversees(asked.userId);
  // Who reads the log is in it, before they read it.
  await recordAudit(vault.catalog, {
    ...{ at: vault.now(), teamId, actorId: asked.userId, action: 'looked' as const },
    ...{ fileId: filter.fileId ?? null, channelId: null, detail: { what: 'audit', query } },
  });
  return auditScreen({
    ...{ channelId, filter, query, page: { ...page, entries } },
    details: sees ? (filter.fileId ?? null) : null,
  });
}

async function filterFor(vault: Vault, { userId, query }: Asked): Promise<AuditFilter> {
  await requireAuditor(vault, userId);
  const { timeZoneOffset } = await vault.people.person(userId);
  return parseAuditFilter(query, { now: vault.now(), timeZoneOffset });
}

async function turn(vault: Vault, click: Click, direction: 'older' | 'newer'): Promise<void> {
  const place = decodePlace(click.value, [placeText, placeText, placeNumber, placeNumber]);
  if (place === null) return click.replace(staleScreen({ command: `${COMMAND} audit` }));
  const [channelId, query, at, id] = place;
  const { userId } = click;
  await click.replace(await auditPageFor(vault, { userId, channelId, query, from: { at, id }, direction }));
}

export const auditOlder: Action = { id: 'audit_older', run: (vault, click) => turn(vault, click, 'older') };
export const auditNewer: Action = { id: 'audit_newer', run: (vault, click) => turn(vault, click, 'newer') };

/** Export as CSV: made in the background. */
export const auditCsv: Action = {
  id: 'audit_csv',
  async run(vault, click) {
    const place = decodePlace(click.value, [placeText, placeText]);
    if (place === null) return click.replace(staleScreen({ command: `${COMMAND} audit` }));
    const [channelId, query] = place;
    const filter = await filterFor(vault, { userId: click.userId, channelId, query });
    const job = { kind: 'audit' as const, format: 'csv' as const, channelId, filter };
    await wantExport(vault, { ...job, userId: click.userId, reply: click.show });
  },
};
