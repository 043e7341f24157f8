import { LRUCache } from 'lru-cache';
import { channelsOfFile, fileById } from '../catalog/files/lookup.ts';
import type { AuditLine } from '../catalog/governance/audit-list.ts';
import type { Vault } from './context.ts';

/** How many answers are kept while a long log is read. */
const MOST = 50_000;

/** An entry as its reader may see it: without names that they could not see in Slack. */
export type NamedLine = AuditLine & {
  /** The reader could see the channel, so its name may be shown. */
  channelNamed: boolean;
};

/**
 * How one reader sees entries of the audit log. Those who oversee the vault see every name. Others, also workspace
 * admins, see names of files and channels only if they could see them in Slack, otherwise ids. The text in an entry's
 * detail may contain names (an object's key does), so it is hidden with the file's name; a hold's text stays.
 */
export async function namesFor(
  vault: Vault,
  userId: string,
): Promise<(line: AuditLine) => Promise<NamedLine>> {
  if (await vault.rights.oversees(userId)) return async (line) => ({ ...line, channelNamed: true });
  const channels = new Set(await vault.rights.visibleChannels(userId));
  const seesFile = seerAmong(vault, userId, channels);

  return async (line) => {
    const { fileId, channelId } = line;
    const channelNamed = channelId === null || channels.has(channelId);
    if (fileId === null || (await seesFile(fileId))) return { ...line, channelNamed };
    const isHold = line.action === 'hold_set' || line.action === 'hold_lifted';
    return { ...line, channelNamed, fileName: null, detail: isHold ? line.detail : numbersOf(line.detail) };
  };
}

/** Whether one reader may know the name of a file. */
export async function seerFor(vault: Vault, userId: string): Promise<(fileId: string) => Promise<boolean>> {
  if (await vault.rights.oversees(userId)) return async () => true;
  return seerAmong(vault, userId, new Set(await vault.rights.visibleChannels(userId)));
}

function seerAmong(
  { catalog, identity }: Vault,
  userId: string,
  channels: ReadonlySet<string>,
): (fileId: string) => Promise<boolean> {
  const known = new LRUCache<string, boolean>({ max: MOST });
  return async (fileId) => {
    const before = known.get(fileId);
    if (before !== undefined) return before;
    const file = await fileById(catalog, { teamId: identity.teamId, fileId });
    // The channels are asked for once: one question per file of a long log would use up Slack's limits.
    const sees =
      file !== undefined &&
      (file.uploaderId === userId || (await channelsOfFile(catalog, file)).some((id) => channels.has(id)));
    known.set(fileId, sees);
    return sees;
  };
}

function numbersOf(detail: AuditLine['detail']): AuditLine['detail'] {
  return Object.fromEntries(
    Object.entries(detail).filter(([, value]) => typeof value === 'number' || typeof value === 'boolean'),
  );
}
