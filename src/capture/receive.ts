import type { Share, SharedFile, SkipReason } from '../catalog/model.ts';
import type { Catalog } from '../catalog/open.ts';
import { recordShares } from '../catalog/shares.ts';

/** A file that was seen somewhere, with the reason why its bytes cannot be fetched, if there is one. */
export interface Sighting {
  file: SharedFile;
  share: Share;
  skip?: SkipReason;
  /** Storing it is told to nobody. */
  quiet?: boolean;
}

/** Which files the owner does not want kept. */
export interface KeepPolicy {
  maxFileBytes: number;
  excludeTypes: ReadonlySet<string>;
}

/** How long a file that only `file_shared` told of waits for its message, which says more and costs no call. */
export const STUB_PATIENCE_MS = 5_000;

/**
 * Writes down what was seen, in one transaction: when this returns, no crash can lose it. Returns how many files
 * are now due for capture. Repeats are harmless. Files that the bot itself shared are not the vault's to keep.
 */
export async function receive(
  catalog: Catalog,
  options: { teamId: string; botUserId: string; policy: KeepPolicy; now: number; backfillId?: number },
  sightings: Sighting[],
): Promise<number> {
  const { teamId, botUserId, policy, now, backfillId } = options;
  const found = sightings
    .filter(({ file, share }) => file.uploaderId !== botUserId && share.userId !== botUserId)
    .map(({ file, share, skip, quiet = false }) => {
      const reason = skip ?? unwanted(file, policy);
      const dueAt = file.complete ? now : now + STUB_PATIENCE_MS;
      return {
        ...{ file, share, dueAt, quiet },
        ...(reason === undefined ? {} : { skip: reason }),
        ...(backfillId === undefined ? {} : { backfillId }),
      };
    });
  if (found.length === 0) return 0;
  const outcomes = await recordShares(catalog, teamId, found, now);
  return outcomes.filter(({ state }) => state === 'pending').length;
}

/** Why the owner's policy leaves this file out, if it does. */
export function unwanted(
  file: Pick<SharedFile, 'name' | 'filetype' | 'size'>,
  policy: KeepPolicy,
): SkipReason | undefined {
  if (file.size !== null && file.size > policy.maxFileBytes) return 'too_large';
  const extension = file.name?.includes('.')
    ? file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase()
    : '';
  const excluded =
    policy.excludeTypes.has(extension) || policy.excludeTypes.has(file.filetype?.toLowerCase() ?? '');
  return excluded ? 'excluded_type' : undefined;
}
