/** `npm run recount`: makes the sums of the catalog anew from its files. It needs neither Slack nor the bucket. */
import './closed-output.ts';
import { count } from '../blocks/text/wording.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { openCatalog } from '../catalog/db/open.ts';
import { type Recounted, recount } from '../catalog/totals/recount.ts';
import { loadCatalog } from '../config.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError } from '../errors.ts';
import { trustCertificates } from '../network/trust.ts';

const USAGE = `npm run recount [-- --json]

Makes the sums that /vault stats and lists read anew from the files of the catalog (DATABASE_URL, else VAULT_DATA_DIR), for
example after bots of different versions ran side by side. With SQLite, stop the bot before; with PostgreSQL, bots wait
a moment with what they write.

  --json   the outcome as one JSON object

Ends with 0 when all sums are right now, 2 when they could not be counted.`;

const argv = process.argv.slice(2);
if (argv.includes('--help')) process.stdout.write(`${USAGE}\n`);
else process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const strange = argv.find((word) => word !== '--json');
    if (strange !== undefined) throw new ConfigError('argv', `Unknown option ${strange}. See --help.`);
    const env = readEnvironment();
    trustCertificates(env);
    const onBlocked = ({ message }: CatalogError) => process.stderr.write(`… ${message}\n`);
    const catalog = await openCatalog({ ...loadCatalog(env), onBlocked, unhurried: true });
    try {
      const outcome = await recount(catalog);
      process.stdout.write(argv.includes('--json') ? `${JSON.stringify(outcome)}\n` : asText(outcome));
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

function asText({ files, sums, wrong }: Recounted): string {
  const outcome =
    wrong === 0
      ? 'All were right.'
      : `${count(wrong, 'sum')} ${wrong === 1 ? 'was' : 'were'} wrong, and right now.`;
  return `Counted ${count(files, 'file')} and ${count(sums, 'sum')}. ${outcome}\n`;
}
