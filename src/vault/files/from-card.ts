import { channelsOfFile, fileById } from '../../catalog/files/lookup.ts';
import { wasPostedIn } from '../../catalog/governance/audit.ts';
import { errorCode } from '../../errors.ts';
import { noSuchFile } from '../../refusals/access.ts';
import { onlyItsUploader, onlyPeopleIn } from '../../refusals/files.ts';
import type { Vault } from '../context.ts';

/** The most channels that a refusal names. */
const NAMED = 3;

/**
 * What to say to somebody who was refused a file. If a card of it was posted where they clicked, they know of it: then
 * they are told who can open it. Otherwise the refusal stays as it is, and tells nothing.
 */
export async function refusalOnCard(
  vault: Vault,
  asked: { userId: string; fileId: string; channelId: string | null },
  refusal: unknown,
): Promise<unknown> {
  const { userId, fileId, channelId } = asked;
  if (channelId === null || errorCode(refusal) !== noSuchFile().code) return refusal;
  const ref = { teamId: vault.identity.teamId, fileId };
  const file = await fileById(vault.catalog, ref);
  if (file === undefined || !(await wasPostedIn(vault.catalog, ref, channelId))) return refusal;
  if (!(await vault.rights.maySeeChannel(userId, channelId))) return refusal;
  const channels = (await channelsOfFile(vault.catalog, ref)).filter((id) => /^[CG]/.test(id));
  if (channels.length === 0) return onlyItsUploader();
  const named = (await knownTo(vault, userId, channels)).slice(0, NAMED).map((id) => `<#${id}>`);
  const more = channels.length - named.length;
  const others = more === 0 ? [] : [more === 1 ? 'another channel' : 'other channels'];
  return onlyPeopleIn([...named, ...others].join(' or '));
}

/** The channels that this person may know of: full members know the public ones, and everybody their own. */
async function knownTo({ people }: Vault, userId: string, channels: string[]): Promise<string[]> {
  const person = await people.person(userId);
  const [open, own] = await Promise.all([
    person.isFullMember ? people.publicAmong(channels, person) : new Set<string>(),
    people.among(userId, channels),
  ]);
  return channels.filter((id) => open.has(id) || own.has(id));
}
