/** The container image is built and run as in production: read-only, not root, no capabilities, secrets in files. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, type Container, type Image, noImages, runContainer } from '../helpers/image.ts';
import { freePort } from '../helpers/postgres.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const why = noImages();
if (why !== undefined) process.stderr.write(`The image is not tested: ${why}.\n`);

describe.skipIf(why !== undefined)('the container image', { timeout: 900_000 }, () => {
  let folder: string;
  let vault: TestVault;
  let image: Image;
  let container: Container;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vault-image-'));
    [image, vault] = await Promise.all([buildImage(folder), startVault()]);
  }, 900_000);
  afterAll(async () => {
    await container?.stop('KILL');
    await vault?.close();
    await image?.remove();
  });

  it('carries what the bot needs, and no more', async () => {
    const { config, size } = image;
    expect(config).toMatchObject({ User: '10001:10001', StopSignal: 'SIGTERM', WorkingDir: '/app' });
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'RIA Vault',
      'org.opencontainers.image.licenses': 'MIT',
    });
    expect(await image.list('app')).toEqual([
      ...['deploy', 'node_modules', 'package-lock.json', 'package.json', 'src'],
    ]);
    const packages = await image.list('app/node_modules');
    expect(packages.filter((name) => /^node-|^vitest$|^typescript$|^vite$/.test(name))).toEqual([]);
    expect(size).toBeLessThan(100 * 1024 ** 2);
    process.stdout.write(`The image adds ${Math.round(size / 1e6)} MB to its base.\n`);
  });

  it('starts with a read-only root, secrets in files, and becomes ready', async () => {
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, AWS_SECRET_ACCESS_KEY, ...rest } = vault.env;
    const env: Record<string, string> = { ...rest, PORT: String(await freePort()) };
    // These are the image's own.
    for (const name of ['PATH', 'NODE_COMPILE_CACHE', 'VAULT_DATA_DIR', 'VAULT_ENV_FILE']) delete env[name];
    const [secrets, data] = ['secrets', 'data'].map((name) => join(folder, name)) as [string, string];
    mkdirSync(secrets);
    for (const [name, value] of Object.entries({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, AWS_SECRET_ACCESS_KEY })) {
      writeFileSync(join(secrets, name.toLowerCase()), `${value}\n`);
      env[`${name}_FILE`] = `/run/secrets/${name.toLowerCase()}`;
    }
    mkdirSync(data);
    // As a volume is the container's user's.
    chmodSync(data, 0o777);
    chmodSync(folder, 0o755);
    container = runContainer(image, folder, {
      env,
      binds: {
        '/data': { from: data, readOnly: false },
        '/run/secrets': { from: secrets, readOnly: true },
      },
    });
    await until('the bot to be ready', () => {
      if (container.process.exitCode !== null) throw new Error(`it ended: ${container.output()}`);
      return container.output().includes('RIA Vault is ready');
    });
  });

  it('captures a file', async () => {
    const content = randomBytes(100_000);
    await vault.slack.as('anna').share('general', { name: 'plan.pdf', content });
    const [object] = await until('the object', async () => {
      const objects = await vault.s3.list(BUCKET);
      return objects.length > 0 ? objects : undefined;
    });
    expect(object?.size).toBe(content.length);
  });

  it('runs without any right of the superuser, and can write to nothing but its data', async () => {
    const { output: status } = await container.exec(['sh', '-c', 'cat /proc/1/status /proc/self/status']);
    for (const line of ['Uid:\t10001', 'Gid:\t10001', 'CapEff:\t0000000000000000', 'NoNewPrivs:\t1'])
      expect(status.split(line)).toHaveLength(3);
    for (const place of [
      '/app/src',
      '/app/node_modules/.cache/ria-vault',
      '/etc',
      '/usr/local/bin',
      '/root',
    ]) {
      const { status: code, output } = await container.exec(['touch', `${place}/x`]);
      expect([place, code]).toEqual([place, 1]);
      expect(output).toMatch(/Read-only file system|Permission denied/);
    }
    expect(await container.exec(['sh', '-c', 'touch /data/x && rm /data/x'])).toMatchObject({ status: 0 });
  });

  it('answers its health check, which needs no other program', async () => {
    const [kind, ...command] = image.config.Healthcheck.Test;
    expect(kind).toBe('CMD');
    expect(await container.exec(command)).toEqual({ status: 0, output: '/healthz answered 200\n' });
    expect(await container.exec(command, { PORT: '9' })).toMatchObject({ status: 1 });
  });

  it('starts from what was compiled when the image was made', async () => {
    const spoken = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const { output } = await container.exec(['node', 'src/cli/verify.ts', '--help'], spoken);
    const accepted = output.match(/ accepted\b|success, size/g) ?? [];
    expect(accepted.length).toBeGreaterThan(500);
    expect(output).not.toMatch(/rejected|mismatch/);
  });

  it('leaves no dead process behind: PID 1 ends what lost its parent', async () => {
    expect(await container.exec(['sh', '-c', 'sh -c "sleep 0.05 & exit"'])).toMatchObject({ status: 0 });
    await until('it to be gone', async () => {
      const { output } = await container.exec(['sh', '-c', 'cat /proc/[0-9]*/stat']);
      return !output.includes('(sleep)');
    });
  });

  it('reads the command lines’ settings as the bot’s', async () => {
    const { status, output } = await container.exec(['node', 'src/cli/verify.ts']);
    expect([status, output]).toEqual([0, expect.stringContaining('1 file')]);
  });

  it('reads files in a process that is limited and has no network', async () => {
    const { output } = await container.exec(['node', 'src/cli/doctor.ts', '--json'], {
      VAULT_TEXT: 'contents',
    });
    const { checks } = JSON.parse(output) as { checks: Array<{ id: string }> };
    expect(checks.find(({ id }) => id === 'reading')).toMatchObject({
      state: 'ok',
      says: expect.stringContaining('in a process without a network'),
    });
  });

  it('ends at SIGTERM with 0, and in time', async () => {
    const before = performance.now();
    expect(await container.stop('TERM')).toBe(0);
    expect(performance.now() - before).toBeLessThan(25_000);
    expect(container.output()).toContain('"stopped"');
    expect(container.output()).not.toMatch(/xoxb|xapp-test|test-secret/);
  });
});
