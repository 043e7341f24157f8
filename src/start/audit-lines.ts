import type { Catalog } from '../catalog/db/open.ts';
import { setUpAuditFeed } from '../catalog/governance/audit-feed.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';

/**
 * Switches the audit log's lines on or off, as VAULT_AUDIT_LOG says. Switched off, the other bots of this catalog write none
 * from now on either: the log says so.
 */
export async function switchAuditLines(
  catalog: Catalog,
  { auditLog }: Pick<Config, 'auditLog'>,
  log: Log,
): Promise<void> {
  const dropped = await setUpAuditFeed(catalog, auditLog === 'stdout');
  if (dropped !== null)
    log.warn(
      { code: 'audit_lines_off', dropped },
      'VAULT_AUDIT_LOG is off here, and was on for this catalog',
    );
}
