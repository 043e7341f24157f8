import { AUDIT_PAGE, auditScreen } from '../blocks/audit.ts';
import { decodeButtonValue, numberPart, textPart } from '../blocks/kit/button-value.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { staleScreen } from '../blocks/stale.ts';
import { sayStarted } from '../edge/export-started.ts';
import { COMMAND } from '../text/handles.ts';
import { auditLog } from '../vault/audit.ts';
import type { Vault } from '../vault/context.ts';
import { orderAuditExport } from '../vault/exports.ts';
import type { Action, Click } from './click.ts';

const stale = (click: Click) => click.replace(staleScreen({ command: `${COMMAND} audit` }));

async function turn(vault: Vault, click: Click, direction: 'older' | 'newer'): Promise<void> {
  const place = decodeButtonValue(click.value, [textPart, textPart, numberPart, numberPart]);
  if (place === null) return stale(click);
  const [channelId, query, at, id] = place;
  const asked = { userId: click.userId, query, from: { at, id }, direction, limit: AUDIT_PAGE };
  await click.replace(auditScreen({ channelId, query, ...(await auditLog(vault, asked)) }));
}

export const auditOlder: Action = { id: 'audit_older', run: (vault, click) => turn(vault, click, 'older') };
export const auditNewer: Action = { id: 'audit_newer', run: (vault, click) => turn(vault, click, 'newer') };

/** Export as CSV: made in the background. */
export const auditCsv: Action = {
  id: 'audit_csv',
  async run(vault, click) {
    const place = decodeButtonValue(click.value, [textPart, textPart]);
    if (place === null) return stale(click);
    const [channelId, query] = place;
    const asked = { userId: click.userId, channelId, query };
    await orderAuditExport(vault, asked, sayStarted(vault, click.show));
  },
};

/** History, in a file's Details: who did what with it, and whether it is on hold. */
export const fileHistory: Action = {
  id: 'file_history',
  async run(vault, click) {
    const query = `file:${click.value}`;
    await click.open(async () => {
      const log = await auditLog(vault, { userId: click.userId, query, limit: AUDIT_PAGE });
      return screenModal(auditScreen({ channelId: click.channelId ?? '', query, ...log, details: null }));
    });
  },
};
