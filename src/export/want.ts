import type { Screen } from '../blocks/elements.ts';
import { exportStarted } from '../blocks/export.ts';
import { exports as words } from '../blocks/wording-govern.ts';
import { type ExportJob, ExportRefused, requestExport } from '../catalog/govern/exports.ts';
import { UserError } from '../errors.ts';
import type { Vault } from '../vault/context.ts';

/** Each is an object in the bucket for a day, and reads the whole channel. */
const EXPORTS_A_DAY = 40;

/**
 * Has an export made for this person, says so, and remembers how to answer. Who may ask for it is the caller's to know.
 * Throws `UserError` when there is one under way already, or there were too many in a day.
 */
export async function wantExport(
  vault: Vault,
  o: Pick<ExportJob, 'kind' | 'format' | 'channelId' | 'filter'> & {
    userId: string;
    reply(screen: Screen): Promise<void>;
  },
): Promise<void> {
  const { userId, reply, ...job } = o;
  const now = vault.now();
  const wanted = { ...job, teamId: vault.identity.teamId, requestedBy: userId, now, mostADay: EXPORTS_A_DAY };
  const exportId = await requestExport(vault.catalog, wanted).catch((error: unknown) => {
    if (!(error instanceof ExportRefused)) throw error;
    const isUnderWay = error.code === 'export_under_way';
    throw new UserError(error.code, isUnderWay ? words.underWay : words.tooMany(EXPORTS_A_DAY));
  });
  await reply(exportStarted(job));
  vault.replies.keep(exportId, reply, now);
  vault.wake();
}
