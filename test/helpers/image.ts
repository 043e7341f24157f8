/**
 * Builds the container image without a registry and runs it as an orchestrator would. The base is Debian's packages, laid out by
 * mmdebstrap, with the Node and the npm of this machine; buildah builds `deploy/Dockerfile` on it; runc runs the result.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const project = resolve(import.meta.dirname, '../..');

/** What `node:26-bookworm-slim` has of Debian, as far as the Dockerfile uses it. */
const PACKAGES = 'base-files,dash,coreutils,findutils,sed,grep,libstdc++6,libatomic1,tini';

/** Containers need the superuser here: elsewhere sudo, which must not ask. */
const asRoot = (program: string, args: string[]): [string, string[]] =>
  process.getuid?.() === 0 ? [program, args] : ['sudo', ['-n', program, ...args]];

/** Why no image can be built and run here; undefined if one can. On CI it is not asked: the test runs, and fails. */
export function noImages(): string | undefined {
  if (process.env.CI === 'true') return undefined;
  if (process.platform !== 'linux') return 'images are built and run on Linux only';
  const programs = ['mmdebstrap', 'buildah', 'runc', 'npm'];
  const missing = programs.filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0) return `${missing.join(', ')} not installed (Debian: mmdebstrap buildah runc)`;
  return spawnSync(...asRoot('true', [])).status === 0
    ? undefined
    : 'building an image needs the superuser, or sudo without a password';
}

/** Runs a program as the superuser; answers what it prints. Throws what it says when it fails. */
async function run(program: string, args: string[]): Promise<string> {
  const child = spawn(...asRoot(program, args), { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode === 0) return out.trim();
  throw new Error(`${program} ${args.join(' ')}: ${`${out}\n${problems}`.slice(-4_000)}`);
}

export interface Image {
  /** What `docker inspect` shows as its Config. */
  config: {
    User: string;
    Env: string[];
    Entrypoint: string[];
    Cmd: string[];
    WorkingDir: string;
    Healthcheck: { Test: string[] };
    Labels: Record<string, string>;
    StopSignal: string;
  };
  /** Its files, to look at and to run. */
  rootfs: string;
  /** The names in one of its folders. */
  list(path: string): Promise<string[]>;
  /** The bytes of what it adds to its base. */
  size: number;
  remove(): Promise<void>;
}

/** Builds the image in `folder`, which holds everything that buildah keeps. */
export async function buildImage(folder: string): Promise<Image> {
  const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run')];
  const buildah = (...args: string[]) => run('buildah', [...store, ...args]);
  const base = 'localhost/vault-base';
  const container = await buildah('from', 'scratch');
  await layOutBase(folder, await buildah('mount', container));
  await buildah('umount', container);
  await buildah('config', '--env', 'PATH=/usr/local/bin:/usr/bin:/bin', container);
  await buildah('commit', '--quiet', '--rm', container, base);
  const build = ['--isolation', 'chroot', '--format', 'docker', '--file', 'deploy/Dockerfile'];
  await buildah(
    'bud',
    '--quiet',
    ...build,
    '--build-arg',
    `BASE=${base}`,
    '--tag',
    'localhost/ria-vault',
    '.',
  );
  const about = JSON.parse(await buildah('inspect', '--type', 'image', 'localhost/ria-vault'));
  const rootfs = await buildah('mount', await buildah('from', 'localhost/ria-vault'));
  const [size] = (await run('du', ['--summarize', '--block-size=1', join(rootfs, 'app')])).split('\t');
  return {
    config: about.Docker.config,
    rootfs,
    size: Number(size),
    list: async (path) => (await run('ls', ['-A', join(rootfs, path)])).split('\n'),
    async remove() {
      await buildah('umount', '--all');
      // The store is a mount of itself.
      await run('sh', ['-c', 'umount "$0"/store/* 2>/dev/null; rm -rf "$0"', folder]);
    },
  };
}

async function layOutBase(folder: string, root: string): Promise<void> {
  const languages = '--aptopt=Acquire::Languages "none"';
  const variant = ['--variant=extract', `--include=${PACKAGES}`, languages, '--quiet'];
  await run('mmdebstrap', [...variant, '--format=directory', 'bookworm', root]);
  const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())));
  // npm inside reaches its registry as npm does outside.
  const setting = (name: string) =>
    execFileSync('npm', ['config', 'get', name], { cwd: project, encoding: 'utf8' }).trim();
  const authority = process.env.NODE_EXTRA_CA_CERTS ?? setting('cafile');
  const settings = [`registry=${setting('registry')}`];
  if (existsSync(authority)) settings.push('cafile=/usr/local/etc/authority.pem');
  const npmrc = join(folder, 'npmrc');
  writeFileSync(npmrc, `${settings.join('\n')}\n`);
  const local = join(root, 'usr/local');
  await run('mkdir', ['-p', `${local}/bin`, `${local}/lib/node_modules`, `${local}/etc`]);
  await run('cp', [realpathSync(process.execPath), `${local}/bin/node`]);
  await run('cp', ['-r', npm, `${local}/lib/node_modules/npm`]);
  await run('ln', ['-s', '../lib/node_modules/npm/bin/npm-cli.js', `${local}/bin/npm`]);
  await run('cp', [npmrc, `${local}/etc/npmrc`]);
  if (existsSync(authority)) await run('cp', [authority, `${local}/etc/authority.pem`]);
}

export interface Container {
  process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Runs a command inside, as the container's user. */
  exec(command: string[], env?: Record<string, string>): Promise<{ status: number | null; output: string }>;
  /** Sends it a signal, and answers the exit code. */
  stop(signal: string): Promise<number | null>;
}

/**
 * Runs an image with a read-only root, no capabilities, no way to new rights, and /tmp in memory; in the network of this
 * machine. `binds` are folders of this machine, by where they are inside.
 */
export function runContainer(
  { config, rootfs }: Image,
  folder: string,
  { env, binds }: { env: Record<string, string>; binds: Record<string, { from: string; readOnly: boolean }> },
): Container {
  const bundle = join(folder, 'bundle');
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(bundleOf({ config, rootfs }, env, binds)));
  const runc = (...args: string[]) =>
    asRoot('runc', ['--root', join(folder, 'runc'), '--rootless', 'true', ...args]);
  const child = spawn(...runc('run', '--bundle', bundle, 'vault'), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  const ended = once(child, 'exit');
  return {
    process: child,
    output: () => said,
    async exec(command, env = {}) {
      const set = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
      const inside = spawn(...runc('exec', ...set, 'vault', ...command), {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [out, problems] = await Promise.all([
        text(inside.stdout),
        text(inside.stderr),
        once(inside, 'close'),
      ]);
      const output = out + problems;
      return { status: inside.exitCode, output };
    },
    async stop(signal) {
      if (child.exitCode === null) spawnSync(...runc('kill', 'vault', signal));
      await ended;
      return child.exitCode;
    },
  };
}

/** Source: github.com/opencontainers/runtime-spec, config.md; the mounts and paths are those of Docker's default. */
function bundleOf(
  { config, rootfs }: Pick<Image, 'config' | 'rootfs'>,
  env: Record<string, string>,
  binds: Record<string, { from: string; readOnly: boolean }>,
): unknown {
  const [uid, gid] = config.User.split(':').map(Number);
  const none: string[] = [];
  const bounds = ['bounding', 'effective', 'inheritable', 'permitted', 'ambient'];
  const memory = (destination: string, ...options: string[]) => ({
    ...{ destination, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', ...options] },
  });
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid, gid },
      args: [...config.Entrypoint, ...config.Cmd],
      env: [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      cwd: config.WorkingDir,
      capabilities: Object.fromEntries(bounds.map((name) => [name, none])),
      noNewPrivileges: true,
    },
    root: { path: rootfs, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { ...memory('/dev', 'strictatime', 'mode=755', 'size=65536k'), options: ['nosuid', 'mode=755'] },
      memory('/tmp', 'noexec', 'size=64m'),
      ...Object.entries(binds).map(([destination, { from, readOnly }]) => ({
        ...{ destination, type: 'bind', source: from },
        options: ['rbind', 'nosuid', 'nodev', 'noexec', readOnly ? 'ro' : 'rw'],
      })),
    ],
    linux: {
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}
