import {
  endKeep,
  filesLeaving,
  type KeptFiles,
  keepFile,
  type LeavingFile,
} from '../catalog/governance/leaving.ts';
import type { FileRow } from '../catalog/model.ts';
import { mayNotDelete } from '../refusals/access.ts';
import { notKeptFromRetention, retentionTakesIt } from '../refusals/retention.ts';
import { requireFile } from './access.ts';
import type { Vault } from './context.ts';
import { type Named, namesShown } from './names.ts';

/** A person's own files that retention takes on a day, at most `limit` of them by name. */
export async function ownLeaving(
  vault: Pick<Vault, 'catalog' | 'identity' | 'policy' | 'people' | 'rights'>,
  { userId, day, limit }: { userId: string; day: number; limit: number },
): Promise<{ total: number; files: LeavingFile[]; kept: KeptFiles; names: Named }> {
  const { catalog, identity, policy } = vault;
  const defaultDays = policy.retentionDays;
  const found = await filesLeaving(catalog, { teamId: identity.teamId, userId, day, limit, defaultDays });
  const channels = found.files.map(({ channelId }) => channelId);
  return { ...found, names: await namesShown(vault, userId, { people: [], channels }) };
}

/** Keeps a file from retention, for its uploader, where the rules allow it. Throws `UserError`. */
export async function keepFromRetention(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<FileRow> {
  const { catalog, policy, now } = vault;
  const file = await requireFile(vault, userId, fileId, 'see');
  if (file.uploaderId !== userId) throw mayNotDelete();
  const asked = { ref: file, actorId: userId, defaultDays: policy.retentionDays, now: now() };
  if (!(await keepFile(catalog, asked))) throw retentionTakesIt();
  vault.wake('journal', 'confirm');
  return file;
}

/** Lets retention take a file again, for its uploader and for admins. Throws `UserError`. */
export async function stopKeeping(
  vault: Vault,
  { userId, fileId }: { userId: string; fileId: string },
): Promise<FileRow> {
  const file = await requireFile(vault, userId, fileId, 'delete');
  if (!(await endKeep(vault.catalog, { ref: file, actorId: userId, now: vault.now() })))
    throw notKeptFromRetention();
  vault.wake('journal');
  return file;
}
