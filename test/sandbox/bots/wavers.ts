// A bot that runs at its first and third start; at the second, something that it needs is missing.
import { appendFileSync, readFileSync } from 'node:fs';

const starts = process.env.STARTS as string;
appendFileSync(starts, 'x');
if (readFileSync(starts, 'utf8').length === 2) {
  process.stderr.write('VAULT_BUCKET cannot be reached.\n');
  process.exit(2);
}
process.stdout.write('here\n');
const alive = setInterval(() => {}, 1000);
process.on('SIGTERM', () => clearInterval(alive));
