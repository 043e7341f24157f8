/** The image's health check: ends with 0 when the bot answers at `/healthz`, else with 1. There is no curl in the image. */
import { get } from 'node:http';
import { readEnvironment } from '../../src/environment.ts';

const { HOST, PORT } = readEnvironment();
const bare = (HOST ?? '').replace(/^\[(.+)\]$/, '$1');
// Who listens at every address listens at this one.
const host = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' }[bare] ?? bare;
const request = get({ host, port: Number(PORT || 3000), path: '/healthz', timeout: 4_000 }, (response) => {
  response.resume();
  end(response.statusCode === 200, `/healthz answered ${response.statusCode}`);
});
request.on('timeout', () => end(false, 'no answer within 4 s'));
request.on('error', (error) => end(false, error.message));

function end(isWell: boolean, what: string): never {
  process.stdout.write(`${what}\n`);
  process.exit(isWell ? 0 : 1);
}
