import type { Rules } from '../../catalog/governance/rule-model.ts';
import { applyRules } from '../../catalog/governance/rules.ts';
import type { Proof } from '../../catalog/model.ts';
import { requireAdmin } from '../access.ts';
import type { Vault } from '../context.ts';
import { publicChannels } from './channel-count.ts';

/** How channels are saved, for people who run the vault. */
export interface VaultSettings {
  /** What applies in a channel without settings of its own. */
  rules: Rules;
  /** The largest public channels that the bot is not in. */
  others: string[];
  /** Null while the bucket has not answered since the start. */
  proof: Proof | null;
}

/** Throws `UserError` for people who are not admins. */
export async function settingsFor(vault: Vault, { userId }: { userId: string }): Promise<VaultSettings> {
  await requireAdmin(vault, userId);
  const { bucket, bucketAwaySince, policy } = vault;
  const { others } = await publicChannels(vault);
  const proof = bucketAwaySince === undefined ? bucket.capabilities.proof : null;
  return { rules: applyRules(policy), others, proof };
}
