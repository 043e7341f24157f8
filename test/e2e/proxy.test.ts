import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../helpers/certificates.ts';
import { startProxy, startTlsFront, type TestProxy, type TlsFront } from '../helpers/proxy.ts';
import { type Bot, BUCKET, runBot, startVault, type TestVault, until } from '../helpers/vault.ts';

const PASSWORD = 'p@ss:w/rd';
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Slack and the bucket are behind TLS with a CA of one's own, and the way there is a proxy with a password. */
describe('a network whose only way out is a proxy', () => {
  let authority: Authority;
  let proxy: TestProxy;
  let slackFront: TlsFront;
  let s3Front: TlsFront;
  let vault: TestVault;
  let bot: Bot;

  beforeAll(async () => {
    authority = createAuthority();
    const certificate = authority.issue(['localhost', '127.0.0.1']);
    proxy = await startProxy({ user: 'vault', password: PASSWORD });
    slackFront = await startTlsFront(certificate);
    s3Front = await startTlsFront(certificate);
    vault = await startVault({
      slack: { publicUrl: `https://localhost:${slackFront.port}` },
      env: {
        AWS_ENDPOINT_URL_S3: `https://localhost:${s3Front.port}`,
        NODE_EXTRA_CA_CERTS: authority.file,
        HTTPS_PROXY: proxy.url,
        NO_PROXY: 'metadata.internal',
        VAULT_JOURNAL_SECONDS: '1',
      },
    });
    slackFront.to(vault.slack.port);
    s3Front.to(vault.s3.port);
    bot = await vault.startBot();
  });
  afterAll(async () => {
    await vault?.close();
    await Promise.all([proxy?.close(), slackFront?.close(), s3Front?.close()]);
    authority?.remove();
  });

  it('says at the start which way it takes, without the password', () => {
    expect(bot.log.find(({ httpsProxy }) => httpsProxy !== undefined)).toMatchObject({
      httpsProxy: `http://127.0.0.1:${proxy.port}`,
      noProxy: 'metadata.internal',
      msg: 'connections go through a proxy',
    });
  });

  it('captures, confirms, answers commands and clicks, and nothing of it passes by the proxy', async () => {
    const anna = vault.slack.as('anna');
    const small = randomBytes(30_000);
    const large = randomBytes(24 * 1024 * 1024);
    const { ts } = await anna.share('general', [
      { name: 'small.bin', content: small },
      { name: 'large.bin', content: large },
    ]);
    const objects = await until('both files in the bucket', async () => {
      const found = await vault.s3.list(BUCKET);
      return found.length === 2 ? found : undefined;
    });
    const stored = await Promise.all(
      objects.map(async ({ key }) => sha256(await vault.s3.read(BUCKET, key))),
    );
    expect(stored.sort()).toEqual([sha256(small), sha256(large)].sort());
    await until('the confirmation', () =>
      anna.messages('general').some((one) => one.thread_ts === ts && one.text.includes('2 files')),
    );
    await anna.command('general', '/vault list');
    await until('the list', () =>
      anna
        .messages('general')
        .some((one) => one.ephemeral && JSON.stringify(one.blocks).includes('small.bin')),
    );
    await until('the journal', async () => (await vault.journal()).length > 0);

    // Each kind of connection was made …
    const kinds = {
      'the Web API': slackFront.lines.includes('POST /api/chat.postMessage'),
      'Socket Mode’s own call': slackFront.lines.includes('POST /api/apps.connections.open'),
      WebSockets: slackFront.lines.filter((line) => line.startsWith('GET /link/')).length >= 2,
      downloads: slackFront.lines.filter((line) => line.startsWith('GET /files-pri/')).length >= 2,
      'response URLs': slackFront.lines.some((line) => line.startsWith('POST /response/')),
      'puts of our own': s3Front.lines.some((line) => line.startsWith('PUT /')),
      'the SDK': s3Front.lines.some((line) => /^(GET|HEAD) \//.test(line)),
    };
    expect(Object.entries(kinds).filter(([, made]) => !made)).toEqual([]);
    // … through the proxy, and none beside it.
    const bypasses = [...slackFront.ports, ...s3Front.ports].filter((port) => !proxy.ports.has(port));
    expect(bypasses).toEqual([]);
    expect(new Set(proxy.asked)).toEqual(
      new Set([`CONNECT localhost:${slackFront.port}`, `CONNECT localhost:${s3Front.port}`]),
    );
    // Connections are kept: there are fewer of them than requests.
    expect(proxy.asked.length).toBeLessThan(slackFront.lines.length + s3Front.lines.length);
    const said = JSON.stringify(bot.log);
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), btoa(`vault:${PASSWORD}`)])
      expect(said).not.toContain(secret);
  });

  it('ends cleanly', async () => {
    expect(await bot.stop()).toBe(0);
  });

  it('says which setting is wrong when its password or its certificates are', async () => {
    const start = (env: Record<string, string>) =>
      runBot({ ...vault.env, VAULT_DATA_DIR: `${vault.dir}/other`, ...env });
    const [password, certificates, address] = await Promise.all([
      start({ HTTPS_PROXY: `http://vault:wr0ng@127.0.0.1:${proxy.port}` }),
      start({ NODE_EXTRA_CA_CERTS: '/no/such/file.pem' }),
      start({ HTTPS_PROXY: 'socks5://user:wr0ng@127.0.0.1:1080' }),
    ]);
    expect(password?.stderr).toMatch(/does not accept the user or password in HTTPS_PROXY \(407\)/);
    expect(certificates?.stderr).toContain(
      'NODE_EXTRA_CA_CERTS is "/no/such/file.pem", which cannot be read',
    );
    expect(address?.stderr).toContain('HTTPS_PROXY must be');
    for (const { code, stderr } of [password, certificates, address]) {
      expect(code).toBe(2);
      expect(stderr).not.toContain('wr0ng');
    }
  });
});

describe('a machine that has nothing but IPv6, and a proxy for http', () => {
  let proxy: TestProxy;
  let vault: TestVault;

  beforeAll(async () => {
    proxy = await startProxy({ host: '::1' });
    vault = await startVault({
      slack: { host: '::1' },
      s3: { host: '::1' },
      env: { HOST: '[::]', VAULT_JOURNAL_SECONDS: '1' },
    });
  });
  afterAll(async () => {
    await vault?.close();
    await proxy?.close();
  });

  it.each(['no proxy', 'a proxy'])('with %s, captures, confirms and answers', async (way) => {
    const bot = await vault.startBot(way === 'a proxy' ? { HTTP_PROXY: proxy.url } : {});
    expect((await fetch(`http://[::1]:${bot.port}/healthz`)).status).toBe(200);
    const anna = vault.slack.as('anna');
    const name = `${way}.bin`;
    const { ts } = await anna.share('general', { name, content: randomBytes(100_000) });
    await until('the confirmation', () =>
      anna.messages('general').some((one) => one.thread_ts === ts && one.text.includes(name)),
    );
    await anna.command('general', '/vault list');
    await until('the list', () =>
      anna.messages('general').some((one) => one.ephemeral && JSON.stringify(one.blocks).includes(name)),
    );
    expect(await bot.stop()).toBe(0);
    // Requests are asked of the proxy, WebSockets take CONNECT.
    const places = [new URL(vault.slack.url), new URL(vault.s3.endpoint)];
    const all = [...places.map(({ origin }) => origin), `CONNECT ${places[0]?.host}`];
    expect(new Set(proxy.asked)).toEqual(new Set(way === 'a proxy' ? all : []));
  });
});
