import { copyFile } from '../../../src/capture/copy.ts';
import type { FileRow } from '../../../src/catalog/model.ts';
import { countBuffersWithHeap } from '../../../src/v8-flags.ts';
import { oneByOne, type Place, type Side } from '../side.ts';
import { vaultBucket } from '../vault-bucket.ts';

/** RIA Vault's way of the bytes alone: checked, hashed, signed, stored create-only and proven, but written down nowhere. */
export async function open(place: Place): Promise<Side> {
  countBuffersWithHeap();
  const bucket = await vaultBucket(place);
  const same = { teamId: 'T0BENCH', channelId: 'C1', uploaderId: 'U1', messageTs: '1.000001', attempts: 1 };
  return oneByOne(async ({ url, bytes, key }) => {
    const name = `${key}.bin`;
    const file = {
      ...{ ...same, fileId: key, name, title: key, mimetype: 'application/octet-stream' },
      ...{ mode: 'hosted', size: bytes, url, sharedAt: Date.now() },
    } as unknown as FileRow;
    await copyFile({ bucket, file, token: 'xoxb-bench', allowedHosts: ['127.0.0.1'] });
  });
}
