/** `npm run retention`: shows what retention would move to the trash now, by channel. It moves nothing. */

import './closed-output.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { type Catalog, openCatalogToRead } from '../catalog/db/open.ts';
import { expiredFiles, retainedChannels } from '../catalog/governance/retention.ts';
import { loadStores, retentionDays } from '../config.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError } from '../errors.ts';
import { trustCertificates } from '../network/trust.ts';

const USAGE = `npm run retention [-- --json]

Shows how many files retention would move to the trash now, channel by channel. The bot itself does the moving, by
itself, every hour; this only looks, also beside a running bot. What is on hold is not counted, nor what another
channel still keeps.`;

const argv = process.argv.slice(2);
if (argv.includes('--help')) process.stdout.write(`${USAGE}\n`);
else process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const env = readEnvironment();
    const strange = argv.find((word) => word !== '--json');
    if (strange !== undefined) throw new ConfigError('argv', `Unknown option ${strange}. See --help.`);
    trustCertificates(env);
    const defaultDays = retentionDays(env);
    const catalog = await openCatalogToRead(loadStores(env).data);
    try {
      const rows = await expired(catalog, defaultDays);
      process.stdout.write(argv.includes('--json') ? `${JSON.stringify(rows)}\n` : asText(rows));
    } finally {
      await catalog.close();
    }
    return 0;
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof CatalogError;
    process.stderr.write(`${isExpected ? error.message : (error as Error).stack}\n`);
    return 2;
  }
}

interface Row {
  teamId: string;
  channelId: string;
  days: number;
  files: number;
}

async function expired(catalog: Catalog, defaultDays: number): Promise<Row[]> {
  const teams = await catalog.db.selectFrom('audienceChannel').select('teamId').distinct().execute();
  const rows: Row[] = [];
  const counted = new Set<string>();
  const now = Date.now();
  for (const { teamId } of teams) {
    for (const { channelId, days } of await retainedChannels(catalog, teamId, defaultDays)) {
      let after = null;
      let files = 0;
      do {
        const page: Awaited<ReturnType<typeof expiredFiles>> = await expiredFiles(catalog, {
          ...{ teamId, channelId, days, defaultDays, after, now },
        });
        // A file in several channels is counted once.
        for (const fileId of page.fileIds) {
          if (!counted.has(fileId)) files++;
          counted.add(fileId);
        }
        after = page.next;
      } while (after !== null);
      rows.push({ teamId, channelId, days, files });
    }
  }
  return rows;
}

function asText(rows: Row[]): string {
  if (rows.length === 0) return 'No channel lets go of its files: retention is off everywhere.\n';
  const lines = rows.map(({ channelId, days, files }) => `${channelId}\t${days} days\t${files} files\n`);
  const total = rows.reduce((sum, { files }) => sum + files, 0);
  return `${lines.join('')}${total} files would go to the trash now.\n`;
}
