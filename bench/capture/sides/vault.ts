import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../../../src/capture/capture.ts';
import { copyFile } from '../../../src/capture/copy.ts';
import { policiesFor, receive, type Sighting } from '../../../src/capture/receive.ts';
import { claimDueFiles } from '../../../src/catalog/capture.ts';
import type { FileRow } from '../../../src/catalog/model.ts';
import { openCatalog } from '../../../src/catalog/open.ts';
import { createLog } from '../../../src/log.ts';
import { makeClients } from '../../../src/storage/client.ts';
import type { CopiedFile, Place, Side } from '../side.ts';

const TEAM = 'T0BENCH';
const LEASE_MS = 60_000;

/**
 * RIA Vault's own capture, as the bot does it with an event's file: the row and its share written to a SQLite catalog,
 * claimed, downloaded, stored and proven, recorded as stored with its audit entry and notice.
 */
export async function open({ endpoint, bucket: name }: Place): Promise<Side> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  const catalog = await openCatalog({ dataDir });
  const clients = await makeClients({ bucket: name, prefix: '', pathStyle: true, endpoint });
  const all = { trailers: true, conditionalPut: true, checksums: true, etagIsMd5: false };
  const bucket = { name, capabilities: { ...all, versioning: false, proof: 'crc32' as const }, ...clients };
  const policy = { maxFileBytes: 2 ** 40, excludeTypes: new Set<string>() };
  const now = () => Date.now();
  const log = createLog('error');
  const claimed = new Map<string, FileRow>();
  let stop = new AbortController();

  return {
    async prepare(files) {
      stop = new AbortController();
      const o = { teamId: TEAM, botUserId: 'U0BOT', policy, now: now() };
      await Promise.all(files.map((file) => receive(catalog, o, [sighting(file)])));
      const claim = { owner: 'bench', limit: files.length, leaseMs: LEASE_MS, now: now() };
      for (const row of await claimDueFiles(catalog, claim)) claimed.set(row.fileId, row);
    },
    async copy({ key }) {
      const row = claimed.get(key);
      if (!row) throw new Error(`no row is due for ${key}`);
      claimed.delete(key);
      const outcome = await capture(
        {
          ...{ catalog, owner: 'bench', leaseMs: LEASE_MS, policy, confirm: 'thread', log, now },
          fileInfo: async () => ({ skip: 'deleted_in_slack' }),
          copy: async (file, signal) =>
            copyFile({
              ...{ bucket, file, token: 'xoxb-bench', allowedHosts: ['127.0.0.1'], signal },
              maxBytes: (await policiesFor(catalog, file, policy)).maxFileBytes,
            }),
        },
        row,
        stop.signal,
      );
      if (outcome !== 'stored') throw new Error(`the capture ended as ${outcome}`);
    },
  };
}

function sighting({ url, bytes, key }: CopiedFile): Sighting {
  const at = Date.now();
  const ts = `${(at / 1_000).toFixed(0)}.${key.slice(1).padStart(6, '0')}`;
  return {
    file: {
      ...{ teamId: TEAM, fileId: key, name: `${key}.bin`, title: key, mimetype: 'application/octet-stream' },
      ...{ filetype: 'binary', mode: 'hosted', size: bytes, uploaderId: 'U1', createdAt: at, complete: true },
      ...{ url, externalUrl: null, permalink: null },
    },
    share: {
      ...{ channelId: `C${Number(key.slice(1)) % 10}`, channelKind: 'public', ts, threadTs: null },
      ...{ userId: 'U1', sharedAt: at },
    },
  };
}
