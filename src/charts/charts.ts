import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Bucket } from '../storage/bucket.ts';
import { ownFolder, ownObjects } from '../storage/own-objects.ts';
import { presignPreview } from '../storage/presign.ts';
import { putObject } from '../storage/put.ts';
import { removeIfAllowed } from '../storage/remove.ts';
import { DAY_MS } from '../time.ts';
import { drawChart } from './draw.ts';
import type { GrowthMonth } from './growth.ts';
import { growthSpec } from './growth-spec.ts';

/** For this long, the same numbers use the same picture again. */
const KEPT_MS = 10 * 60_000;
/** Slack fetches a picture when it is posted. A client fetches it again when it is not in its cache any more. */
const LINK_SECONDS = 60 * 60;
const MOST_KEPT = 200;

export interface Charts {
  /**
   * A link to the picture of these months, valid for an hour. Everybody with the link sees the sums, so it is shown
   * only to people who may see them. Throws `StorageError`, and any error of the drawing.
   */
  growth(months: GrowthMonth[]): Promise<string>;
  /** Removes pictures older than a day and returns how many. Throws `StorageError`. */
  clear(): Promise<number>;
}

/**
 * Pictures for Slack, kept in the bucket at `<prefix>/.ria-vault/charts/<team>/` for a day. They are drawn one at a
 * time, and for the same numbers only once in ten minutes.
 */
export function createCharts(o: { bucket: Bucket; teamId: string; now: () => number }): Charts {
  const { bucket, teamId, now } = o;
  const folder = `${ownFolder(bucket, 'charts')}${teamId}/`;
  const kept = new LRUCache<string, Promise<string>>({
    ...{ max: MOST_KEPT, ttl: KEPT_MS, ttlResolution: 0, perf: { now } },
  });
  const oneByOne = pLimit(1);

  async function draw(months: GrowthMonth[]): Promise<string> {
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
  }

  return {
    async growth(months) {
      const name = JSON.stringify(months);
      let drawn = kept.get(name);
      if (drawn === undefined) {
        drawn = oneByOne(draw, months);
        kept.set(name, drawn);
        drawn.catch(() => kept.delete(name));
      }
      const key = await drawn;
      return presignPreview(bucket, { key, contentType: 'image/png', expiresSeconds: LINK_SECONDS });
    },
    async clear() {
      let removed = 0;
      for await (const { key, writtenAt } of ownObjects(bucket, folder)) {
        if (writtenAt > now() - DAY_MS) continue;
        if (await removeIfAllowed(bucket, key)) removed += 1;
      }
      return removed;
    },
  };
}
