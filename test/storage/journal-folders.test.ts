import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { journalHistories, journalTeams } from '../../src/journal/store.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { ownFolder } from '../../src/storage/own-objects.ts';
import { putObject } from '../../src/storage/put.ts';
import { openTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());

/** The bucket at a store that leaves out folders which hold folders alone, as s3rver 3.7.1 does. */
function withoutFolders(bucket: Bucket): Bucket {
  const send = async (command: ListObjectsV2Command) => {
    const page = await bucket.client.send(command);
    return command instanceof ListObjectsV2Command ? { ...page, CommonPrefixes: undefined } : page;
  };
  return { ...bucket, client: Object.create(bucket.client, { send: { value: send } }) };
}

it('workspaces and histories are found whether or not the store lists their folders', async () => {
  const { bucket } = target;
  expect(await journalTeams(bucket)).toEqual([]);
  for (const name of ['T1/a/000000000001', 'T1/a/000000000002', 'T1/b/000000000001', 'T2/c/000000000001'])
    await putObject(bucket, {
      ...{ key: `${ownFolder(bucket, 'journal')}${name}.ndjson.gz`, body: Buffer.from('x'), length: 1 },
      ...{ contentType: 'application/gzip', metadata: {} },
    });
  for (const seen of [bucket, withoutFolders(bucket)]) {
    expect((await journalTeams(seen)).sort()).toEqual(['T1', 'T2']);
    expect((await journalHistories(seen, 'T1')).sort()).toEqual(['a', 'b']);
  }
});
