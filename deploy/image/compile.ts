/**
 * Fills the compile cache of the image, while it is made: starts the bot where it reaches nobody, lets it come to the point
 * where it listens, and ends it; then starts each command line once. Node keeps what it compiled when a process ends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';

/** Loopback ports that nobody listens at. */
const NOBODY = 'http://127.0.0.1:9/';
const env = {
  ...process.env,
  ...{ SLACK_BOT_TOKEN: 'xoxb-nobody', SLACK_APP_TOKEN: 'xapp-nobody', SLACK_API_URL: NOBODY },
  ...{ VAULT_BUCKET: 'nobody', VAULT_DATA_DIR: '/tmp/compile', VAULT_S3_PATH_STYLE: '1' },
  ...{
    AWS_ENDPOINT_URL_S3: NOBODY,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'n',
    AWS_SECRET_ACCESS_KEY: 'n',
  },
  ...{ HOST: '127.0.0.1', PORT: '0' },
};

const bot = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
bot.stdout.setEncoding('utf8').on('data', (chunk: string) => {
  said += chunk;
  if (said.includes('"listening')) bot.kill('SIGTERM');
});
const [code] = await once(bot, 'exit');
if (code !== 0) throw new Error(`the bot ended with ${code}: ${said}`);

for (const program of globSync('src/cli/*.ts')) {
  const child = spawn(process.execPath, [program, '--help'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
}
await once(spawn(process.execPath, ['deploy/image/health.ts'], { env, stdio: 'ignore' }), 'exit');
