/** `npm run doctor`: looks at everything that the vault needs, and says what is wrong and what to do. */
import './closed-output.ts';
import { examine } from '../doctor/index.ts';
import { countStates, reportText } from '../doctor/report.ts';
import { readEnvironment } from '../environment.ts';
import { ConfigError } from '../errors.ts';
import { scrub } from '../log.ts';
import { trustCertificates } from '../network/trust.ts';

const USAGE = `npm run doctor [-- --json]

Looks at the settings, this machine, Slack, the bucket (each right by a real request), the database, and what is in between:
one line each, with what to do. It may run beside the bot. In the bucket it writes one object under a name of its own and removes
it; everything else is only read. It opens no socket to Slack. It takes half a minute at most.

  --json   the lines as one JSON object; the ids stay the same from version to version

Ends with 0 when nothing failed (there may be warnings), 1 when something did, 2 when it could not look. docs/doctor.md says what
each line means.`;

const argv = process.argv.slice(2);
process.exitCode = await run();
// A connection that hangs must not keep the process.
process.stdout.write('', () => process.exit());

async function run(): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const strange = argv.find((word) => word !== '--json');
  if (strange !== undefined) {
    process.stderr.write(`Unknown option ${strange}. See --help.\n`);
    return 2;
  }
  const problems: ConfigError[] = [];
  // What cannot be read is one line among the others.
  const env = readEnvironment(undefined, (problem) => problems.push(problem));
  try {
    trustCertificates(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(error);
  }
  const lines = (await examine(env, { problems })).map((line) => scrub(line) as typeof line);
  const counts = countStates(lines);
  const output = argv.includes('--json') ? JSON.stringify({ ...counts, checks: lines }) : reportText(lines);
  process.stdout.write(`${output}\n`);
  return counts.fail > 0 ? 1 : 0;
}
