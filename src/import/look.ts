import { isOfOutsider } from '../capture/outsider.ts';
import { leftOut, policyIn } from '../capture/receive.ts';
import { statesOf } from '../catalog/files/imported.ts';
import { UNWANTED } from '../catalog/files/merge.ts';
import type { Overrides } from '../catalog/governance/rule-model.ts';
import { overridesAmong } from '../catalog/governance/rules.ts';
import type { SkipReason } from '../catalog/model.ts';
import { kindOf } from '../file-kinds.ts';
import { addressesOf, type Recorded } from './record.ts';
import type { Found } from './source.ts';
import { byArchive, type StoreOptions } from './store.ts';

/** What is known of a file in a trial run. */
export interface Seen extends Recorded {
  /** Why it would be left out, though its bytes are to be had. */
  leftOut: SkipReason | null;
}

/** What {@link recordFound} would give, without changing anything: for a trial run. */
export async function look(options: StoreOptions, found: readonly Found[]): Promise<Seen[]> {
  const { catalog, teamId, index, allowedHosts } = options;
  const ids = [...new Set(found.map(({ sighting }) => sighting.file.fileId))];
  const states = await statesOf(catalog, teamId, ids);
  const channelIds = found.map(({ sighting }) => sighting.share.channelId);
  const rules = await overridesAmong(catalog, teamId, channelIds);
  const seen: Seen[] = [];
  for (const { sighting, conversation, path = null } of found) {
    const { file, share, skip } = sighting;
    const { link, isForeign } = addressesOf(sighting, allowedHosts);
    const known = states.get(file.fileId);
    seen.push({
      ...{ fileId: file.fileId, isNew: known === undefined, state: known?.state ?? 'pending' },
      ...{ reason: skip ?? known?.reason ?? null, bytes: file.size, kind: kindOf(file) },
      ...{ conversation, link, isForeign, path },
      isPacked: path === null ? index.hasFile(file.fileId) : index.at(path) !== undefined,
      leftOut: (await byRules(options, sighting, rules.get(share.channelId))) ?? settled(known?.reason, skip),
    });
  }
  return seen;
}

async function byRules(
  options: StoreOptions,
  { file }: Found['sighting'],
  own: Overrides | undefined,
): Promise<SkipReason | undefined> {
  const left = leftOut(file, options.policy, own);
  const { external = 'keep' } = policyIn(options.policy, own);
  if (left !== undefined || external === 'keep') return left;
  const { uploaderId, facts = {} } = file;
  const isOther = await isOfOutsider(
    { isOutside: byArchive, ...options },
    { uploaderId, facts },
    { external },
  );
  return isOther ? 'other_org' : undefined;
}

/** What no bytes change. */
function settled(...reasons: Array<SkipReason | null | undefined>): SkipReason | null {
  return reasons.find((reason) => reason === 'external' || (reason && UNWANTED.includes(reason))) ?? null;
}
