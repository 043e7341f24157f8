/** Slack's file host sends something other than the file. */
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DownloadFault } from '../../sandbox/slack/faults.ts';
import { shareSizes, someFiles } from './people.ts';
import type { Scenario, Stage } from './scenario.ts';

const MiB = 1024 ** 2;

/** Shares a file for each fault. Its first downloads hit the fault, then the host works again. */
async function eachOnce(stage: Stage, faults: DownloadFault[], sizes: number[], times = 1): Promise<void> {
  const { vault, ledger, random } = stage;
  for (const fault of faults) {
    for (const size of sizes) {
      const anna = vault.slack.as('anna');
      const [file] = someFiles(random, [size]);
      if (file === undefined) continue;
      const fileId = await anna.upload(file);
      vault.slack.faults.download(fileId, fault, times);
      const channel = random.pick(['general', 'design']);
      const ts = anna.post(channel, '', { file_ids: [fileId] });
      ledger.addShared({ ...file, fileId }, channel, ts);
    }
  }
}

const wrongAnswers: Scenario = {
  name: 'file host: wrong answers',
  does: 'login pages, statuses, wrong lengths, short and long bodies, cuts at any byte, twice for each file',
  async run(stage) {
    await stage.vault.startBot();
    const faults: DownloadFault[] = [
      { kind: 'login_page' },
      { kind: 'short', bytes: 1 },
      { kind: 'extra', bytes: 1 },
      { kind: 'extra', bytes: 100_000 },
      { kind: 'reset', after: 0 },
      { kind: 'reset', after: 1 },
      { kind: 'reset', after: 200_000 },
      { kind: 'content_length', value: 3 },
      { kind: 'content_length', value: 10_000_000 },
      { kind: 'content_length', value: null },
      { kind: 'redirect', to: 'path' },
      ...[401, 403, 404, 410, 500, 502, 503].map((status) => ({ kind: 'status' as const, status })),
      { kind: 'status', status: 429 },
      { kind: 'status', status: 429, retryAfter: 1 },
    ];
    await eachOnce(stage, faults, stage.of([300_000], [500, 300_000, 2 * MiB]), stage.of(1, 2));
  },
};

const slow: Scenario = {
  name: 'file host: slow',
  does: 'drips of a few bytes, and a stall that would never end: the bot waits or tries again',
  fullOnly: true,
  async run(stage) {
    const { vault } = stage;
    await vault.startBot();
    await eachOnce(stage, [{ kind: 'drip', bytesPerSecond: 400 }], [4_000, 8_000]);
    // The bot gives up after a minute of silence.
    await eachOnce(stage, [{ kind: 'stall', after: 100_000 }], [300_000, 2 * MiB]);
    await sleep(65_000);
  },
};

const elsewhere: Scenario = {
  name: 'file host: redirected elsewhere',
  does: 'redirects to other hosts, in circles and to nowhere: not followed, and the token never travels',
  async run(stage) {
    const { vault } = stage;
    const seen: string[] = [];
    // To the bot, another loopback address is another host.
    const stranger = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization}`);
      response.end('not yours');
    });
    stage.after(() => close(stranger));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.2', resolve));
    const { port } = stranger.address() as { port: number };
    vault.slack.addRoute('/circle/', (_, response) => {
      response.writeHead(302, { location: '/circle/again' }).end();
    });
    vault.slack.addRoute('/hop/', (_, response) => {
      response.writeHead(302, { location: `http://127.0.0.2:${port}/hop` }).end();
    });
    await vault.startBot();
    const to = [
      `http://127.0.0.2:${port}/file`,
      `//127.0.0.2:${port}/file`,
      `${vault.slack.url}/hop/`,
      `http://${new URL(vault.slack.url).host}@127.0.0.2:${port}/file`,
      'file:///etc/hostname',
      'https://files.slack.com.example.invalid/file',
      '/circle/',
      'http://',
      '',
    ];
    await eachOnce(
      stage,
      to.map((target) => ({ kind: 'redirect', to: target })),
      [400],
    );
    await eachOnce(
      stage,
      [301, 303, 307, 308].map((status) => ({ kind: 'redirect', to: to[0] as string, status })),
      [400],
    );
    await sleep(3_000);
    if (seen.length > 0) throw new Error(`the other host was asked: ${seen}`);
  },
};

const endless: Scenario = {
  name: 'file host: never-ending bodies',
  does: 'bodies without end: cut off at the file’s length or the limit, with nothing left in the bucket',
  env: { VAULT_MAX_FILE_BYTES: String(4 * MiB) },
  async run(stage) {
    const { vault, ledger, random } = stage;
    let sent = 0;
    vault.slack.addRoute('/endless/', (request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      const block = random.bytes(65_536);
      const more = () => {
        while (!response.destroyed && response.write(block)) sent += block.length;
      };
      response.on('drain', more);
      request.on('close', () => response.destroy());
      more();
    });
    await vault.startBot();
    await eachOnce(stage, [{ kind: 'redirect', to: `${vault.slack.url}/endless/` }], [0, 300, 2 * MiB]);
    // A canvas has no known length: only the size limit stops it, and that is final.
    const anna = vault.slack.as('anna');
    const content = random.bytes(1_000);
    const fileId = await anna.upload({ name: 'canvas.html', content, mode: 'space', mimetype: 'text/html' });
    vault.slack.faults.download(fileId, { kind: 'redirect', to: `${vault.slack.url}/endless/` });
    const ts = anna.post('general', '', { file_ids: [fileId] });
    ledger.addShared({ name: 'canvas.html', content, fileId }, 'general', ts);
    ledger.expect(fileId, ['skipped']);
    await sleep(3_000);
    if (sent > 64 * MiB) throw new Error(`${sent} bytes were taken of bodies that may have 4 MiB`);
  },
};

const away: Scenario = {
  name: 'file host: away',
  does: 'every download fails for a while; what was shared meanwhile is fetched later',
  async run(stage) {
    const { vault } = stage;
    await vault.startBot();
    const fault = vault.slack.faults.download('*', { kind: 'status', status: 503 });
    await shareSizes(stage, [0, 500, 300_000, 2 * MiB]);
    await sleep(stage.of(2_500, 20_000));
    fault.remove();
  },
};

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

export const slackFiles: Scenario[] = [wrongAnswers, slow, elsewhere, endless, away];
