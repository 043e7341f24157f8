import type { Screen } from '../blocks/elements.ts';
import { type ExportJob, requestExport } from '../catalog/govern/exports.ts';
import type { Vault } from '../vault.ts';

/** Has an export made for this person, and remembers how to answer. Who may ask for it is the caller's to know. */
export async function wantExport(
  vault: Vault,
  o: Pick<ExportJob, 'kind' | 'format' | 'channelId' | 'filter'> & {
    userId: string;
    reply(screen: Screen): Promise<void>;
  },
): Promise<void> {
  const { userId, reply, ...job } = o;
  const now = vault.now();
  const teamId = vault.identity.teamId;
  const exportId = await requestExport(vault.catalog, { ...job, teamId, requestedBy: userId, now });
  vault.replies.keep(exportId, reply, now);
  vault.poke();
}
