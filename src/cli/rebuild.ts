/** `npm run rebuild`: fills an empty catalog from the bucket alone. It does not need Slack. */
import './closed-output.ts';
import { parseArgs } from 'node:util';
import { CatalogError } from '../catalog/db/errors.ts';
import { openCatalog } from '../catalog/db/open.ts';
import { loadStores, onUnshare } from '../config.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError } from '../errors.ts';
import { SegmentError } from '../journal/segment.ts';
import { trustCertificates } from '../network/trust.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import { isWhole, rebuildText } from '../rebuild/report.ts';
import { openBucket } from '../storage/bucket.ts';
import { StorageError } from '../storage/errors.ts';

const USAGE = `npm run rebuild -- [--team T0123] [--json]

Fills an empty catalog (DATABASE_URL, else VAULT_DATA_DIR) from the bucket: the journal first, then every object
that tells about itself. Stop the bot before.

  --team   the workspace, when the bucket holds several
  --json   the summary as one JSON object

Ends with 0 when everything is there again, 1 when something could not be restored, 2 when it could not begin.`;

const { code, output, problem } = await run(process.argv.slice(2));
if (output !== '') process.stdout.write(`${output}\n`);
if (problem !== '') process.stderr.write(`${problem}\n`);
process.exitCode = code;

async function run(argv: string[]): Promise<{ code: number; output: string; problem: string }> {
  try {
    const { team, json, help } = readOptions(argv);
    if (help) return { code: 0, output: USAGE, problem: '' };
    const env = readEnvironment();
    const config = loadStores(env);
    trustCertificates(env);
    const bucket = await openBucket(config.bucket);
    const onBlocked = ({ message }: CatalogError) => process.stderr.write(`… ${message}\n`);
    const catalog = await openCatalog({ ...config.data, onBlocked, unhurried: true }).catch((error) => {
      bucket.close();
      throw error;
    });
    try {
      const onProgress = (line: string) => process.stderr.write(`… ${line}\n`);
      const mode = { onUnshare: onUnshare(env) };
      const summary = await rebuild({
        catalog: { ...catalog, ...mode },
        bucket,
        teamId: team,
        onProgress,
        now: Date.now,
      });
      const output = json ? JSON.stringify(summary) : rebuildText(summary);
      return { code: isWhole(summary) ? 0 : 1, output, problem: '' };
    } finally {
      await catalog.close();
      bucket.close();
    }
  } catch (error) {
    const expected = [ConfigError, CatalogError, StorageError, SegmentError].some(
      (kind) => error instanceof kind,
    );
    const problem = expected ? (error as Error).message : `The rebuild failed: ${(error as Error).stack}`;
    return { code: 2, output: '', problem };
  }
}

function readOptions(args: string[]): { team: string | undefined; json: boolean; help: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ args, options: { team: { type: 'string' }, json: flag, help: flag } });
    return { team: values.team, json: values.json, help: values.help };
  } catch (error) {
    throw new ConfigError('argv', `${(error as Error).message.split('\n', 1)[0]} See --help.`);
  }
}
