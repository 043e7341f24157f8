import { randomUUID } from 'node:crypto';
import type { Bucket } from '../storage/bucket.ts';
import { ownFolder, ownObjects } from '../storage/own-objects.ts';
import { presignPreview } from '../storage/presign.ts';
import { putObject } from '../storage/put.ts';
import { removeObject } from '../storage/remove.ts';
import { DAY_MS } from '../time.ts';
import { drawChart } from './draw.ts';
import type { GrowthMonth } from './growth.ts';
import { growthSpec } from './growth-spec.ts';

/** How long a picture that was drawn is shown again for the same numbers. */
const KEPT_MS = 10 * 60_000;
/** Slack fetches a picture when it is posted, and a client again when its cache has forgotten it. */
const LINK_SECONDS = 60 * 60;
const MOST_KEPT = 200;

export interface Charts {
  /**
   * A link to the picture of these months, for an hour: whoever has it sees the sums, so it is shown only to who may.
   * Throws `StorageError`, and whatever drawing throws.
   */
  growth(months: GrowthMonth[]): Promise<string>;
  /** Removes the pictures of more than a day ago; tells how many. Throws `StorageError`. */
  clear(): Promise<number>;
}

/**
 * Pictures for Slack, kept in the bucket at `<prefix>/.ria-vault/charts/<team>/` for a day. Drawn one at a time, and
 * the same numbers once in ten minutes.
 */
export function createCharts(o: { bucket: Bucket; teamId: string; now: () => number }): Charts {
  const { bucket, teamId, now } = o;
  const folder = `${ownFolder(bucket, 'charts')}${teamId}/`;
  const kept = new Map<string, { at: number; key: Promise<string> }>();
  let last: Promise<unknown> = Promise.resolve();

  function draw(months: GrowthMonth[]): Promise<string> {
    const drawn = last.then(async () => {
      const png = await drawChart(growthSpec(months));
      const name = randomUUID();
      const key = `${folder}${name}.png`;
      await putObject(bucket, {
        key,
        body: png,
        length: png.length,
        contentType: 'image/png',
        metadata: { team: teamId, file: `chart-${name}` },
      });
      return key;
    });
    last = drawn.catch(() => {});
    return drawn;
  }

  return {
    async growth(months) {
      const name = JSON.stringify(months);
      let entry = kept.get(name);
      if (entry === undefined || now() - entry.at > KEPT_MS) {
        entry = { at: now(), key: draw(months) };
        kept.delete(name);
        kept.set(name, entry);
        if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
        entry.key.catch(() => kept.delete(name));
      }
      const key = await entry.key;
      return presignPreview(bucket, { key, contentType: 'image/png', expiresSeconds: LINK_SECONDS });
    },
    async clear() {
      let removed = 0;
      for await (const { key, writtenAt } of ownObjects(bucket, folder)) {
        if (writtenAt > now() - DAY_MS) continue;
        await removeObject(bucket, key);
        removed += 1;
      }
      return removed;
    },
  };
}
