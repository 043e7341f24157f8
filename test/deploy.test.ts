/** What deploy/ says of the bot is true of the bot: settings that exist, its user, its ports, its rights. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readingLacks } from '../src/contents/room.ts';
import { SECRETS, SETTINGS } from '../src/settings.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');
const settings = new Set([
  ...SETTINGS.flatMap((topic) => topic.settings.map(({ name }) => name)),
  ...SECRETS.map((name) => `${name}_FILE`),
  'NODE_COMPILE_CACHE',
]);

const MB = 1024 ** 2;

/** The numbers of the bot's user and group, as the image has them. */
const [, USER] =
  /^USER (\d+:\d+)$/m.exec(
    read('Dockerfile')
      .split(/^FROM /m)
      .at(-1) as string,
  ) ?? [];

describe('compose.yaml', () => {
  const compose = parse(read('compose.yaml'), { merge: true });
  const { bot, postgres, sandbox } = compose.services;

  it('sets only what the bot reads', () => {
    for (const name of Object.keys(bot.environment)) expect(settings, name).toContain(name);
  });

  it('hands each secret over as a file that is declared, and no secret as a variable', () => {
    for (const service of [bot, postgres]) {
      const files = Object.entries<string>(service.environment).filter(([name]) => name.endsWith('_FILE'));
      expect(files.map(([, path]) => path.replace('/run/secrets/', '')).toSorted()).toEqual(
        service.secrets.toSorted(),
      );
    }
    expect(Object.keys(bot.environment).filter((name) => SECRETS.includes(name))).toEqual([]);
    expect([...new Set([...bot.secrets, ...postgres.secrets])].toSorted()).toEqual(
      Object.keys(compose.secrets).toSorted(),
    );
    expect(read('.gitignore')).toMatch(/^secrets\/$/m);
  });

  it('locks every service: read-only, no capabilities, no new rights', () => {
    for (const service of Object.values<Record<string, unknown>>(compose.services)) {
      expect(service).toMatchObject({
        ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
      });
      for (const volume of service.volumes as string[])
        expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('waits for PostgreSQL, which nobody else reaches, and gives the bot its 25 s', () => {
    expect(bot.depends_on.postgres.condition).toBe('service_healthy');
    expect(postgres.ports).toBeUndefined();
    for (const network of postgres.networks) expect(compose.networks[network].internal).toBe(true);
    expect(Number.parseInt(bot.stop_grace_period, 10)).toBeGreaterThan(25);
    expect(bot.ports).toEqual([`127.0.0.1:3000:${bot.environment.PORT}`]);
  });

  it('has the command lines with the programs of the database’s own image, for the same catalog', () => {
    const { tools } = compose.services;
    expect(tools).toMatchObject({ profiles: ['tools'], restart: 'no', volumes: bot.volumes });
    for (const part of ['environment', 'secrets', 'env_file', 'networks', 'depends_on'])
      expect(tools[part], part).toEqual(bot[part]);
    expect(read('Dockerfile')).toContain(`\nARG POSTGRES=${postgres.image}\n`);
    expect(read('Dockerfile')).toContain(`\nFROM \${POSTGRES} AS ${tools.build.target}\n`);
    for (const line of ['backup', 'restore', 'rebuild'])
      expect(existsSync(join(root, `src/cli/${line}.ts`))).toBe(true);
  });

  it('gives the bot memory to read files; what its comment names is enough for OCR, too', () => {
    const line = /VAULT_OCR it takes (\d+)m[\s\S]*?\n +mem_limit: (\d+)m\n/.exec(read('compose.yaml'));
    const [ocr, plain] = (line ?? []).slice(1).map((mb) => Number(mb) * MB) as [number, number];
    expect(readingLacks([], { memory: plain, limits: true })).toEqual([]);
    expect(readingLacks(['eng'], { memory: plain, limits: true })).toMatchObject([{ kind: 'ocr_memory' }]);
    expect(readingLacks(['eng'], { memory: ocr, limits: true })).toEqual([]);
  });

  it('builds the sandbox from a stage that is there, in a profile of its own', () => {
    expect(sandbox.profiles).toEqual(['sandbox']);
    expect(read('Dockerfile')).toContain(` AS ${sandbox.build.target}\n`);
    for (const { build } of [bot, sandbox]) expect(existsSync(join(root, build.dockerfile))).toBe(true);
  });
});

describe('the systemd unit', () => {
  const unit = read('systemd/ria-vault.service');

  it('is one that systemd understands, and that leaves little open', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vault-unit-'));
    try {
      const path = join(folder, 'ria-vault.service');
      writeFileSync(path, unit.replaceAll('/opt/ria-vault', root));
      const analyze = (...args: string[]) => {
        const { status, stdout, stderr, error } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
        if (error) throw new Error(`systemd-analyze cannot be run (Debian: systemd): ${error.message}`);
        return { status, output: stdout + stderr };
      };
      expect(analyze('verify', path)).toEqual({ status: 0, output: '' });
      const { status, output } = analyze('security', '--offline=yes', '--threshold=15', path);
      expect(status, output).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('sets only what the bot reads, and takes a configuration that cannot work as the end', () => {
    const set = [...unit.matchAll(/^Environment=(.+)$/gm)].flatMap(([, line]) =>
      (line as string).split(' ').map((pair) => pair.split('=')[0] as string),
    );
    expect(set).toContain('VAULT_ENV_FILE');
    for (const name of set) expect(settings, name).toContain(name);
    expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
    expect(unit).toMatch(/^TimeoutStopSec=30$/m);
    // Restore drills call it.
    expect(unit).toMatch(/^SystemCallFilter=setpriority$/m);
  });
});

describe('the Kustomize overlays', () => {
  // biome-ignore lint/suspicious/noExplicitAny: whatever Kubernetes takes.
  const load = (path: string): any => parse(read(`kubernetes/${path}`), { version: '1.1' });
  const stateful = load('overlays/sqlite/statefulset.yaml');
  const deployment = load('overlays/postgresql/deployment.yaml');
  const service = load('base/service.yaml');

  it('name files that are there', () => {
    for (const path of globSync('deploy/kubernetes/**/kustomization.yaml', { cwd: root })) {
      const { resources, configMapGenerator = [] } = parse(readFileSync(join(root, path), 'utf8'));
      const files = [...resources, ...configMapGenerator.flatMap(({ envs }: { envs: string[] }) => envs)];
      for (const file of files)
        expect(existsSync(join(root, path, '..', file)), `${path}: ${file}`).toBe(true);
    }
  });

  it('run the same pod, but for the database, its place and its data', () => {
    const bare = (kind: typeof stateful) => {
      const {
        topologySpreadConstraints: _,
        containers,
        volumes,
        ...spec
      } = structuredClone(kind.spec.template.spec);
      const [container] = containers;
      container.env = container.env.filter(({ name }: { name: string }) => name !== 'DATABASE_URL_FILE');
      return { spec, container, volumes: volumes.filter(({ name }: { name: string }) => name !== 'data') };
    };
    expect(bare(stateful)).toEqual(bare(deployment));
    expect(deployment.spec.strategy).toEqual({ type: 'Recreate' });
    expect(stateful.spec.replicas).toBe(1);
    expect(stateful.spec.serviceName).toBe(service.metadata.name);
  });

  it.each([
    ['StatefulSet', stateful],
    ['Deployment', deployment],
  ])('the %s keeps to Kubernetes’ “restricted” rules and sets only what the bot reads', (_, { spec }) => {
    const { securityContext, containers, ...pod } = spec.template.spec;
    const [container, ...others] = containers;
    expect(others).toEqual([]);
    expect(`${securityContext.runAsUser}:${securityContext.runAsGroup}`).toBe(USER);
    // Source: kubernetes.io/docs/concepts/security/pod-security-standards, "Restricted".
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(25);
    for (const { name } of container.env) expect(settings, name).toContain(name);
    // Enough to read files, and its comment says what OCR takes.
    const memory = Number.parseInt(container.resources.limits.memory, 10) * MB;
    expect(container.resources.limits.memory).toMatch(/^\d+Mi$/);
    expect(readingLacks([], { memory, limits: true })).toEqual([]);
    expect(readingLacks(['eng'], { memory, limits: true })).toMatchObject([{ neededMb: 1024 }]);
    for (const selector of [spec.selector.matchLabels, service.spec.selector])
      expect(spec.template.metadata.labels).toMatchObject(selector);
    const mounts = container.volumeMounts.map(({ name }: { name: string }) => name);
    const volumes = [
      ...(pod.volumes ?? []),
      ...(spec.volumeClaimTemplates ?? []).map((one: { metadata: object }) => one.metadata),
    ];
    expect(volumes.map(({ name }: { name: string }) => name).toSorted()).toEqual(mounts.toSorted());
    for (const { value } of container.env)
      expect(value).toMatch(new RegExp(`^${container.volumeMounts[0].mountPath}/`));
  });

  it('begin with settings that exist', () => {
    const given = parseEnv(read('kubernetes/base/settings.env'));
    expect(Object.keys(given)).toContain('VAULT_BUCKET');
    for (const name of Object.keys(given)) expect(settings, name).toContain(name);
  });

  // Debian's kubectl is too old to read them, so only a machine that has a newer one can try this.
  it.runIf(spawnSync('kubectl', ['kustomize', '--help']).status === 0)(
    'are what kubectl makes whole resources of',
    () => {
      for (const [overlay, kinds] of [
        ['sqlite', ['ConfigMap', 'Service', 'ServiceAccount', 'StatefulSet']],
        ['postgresql', ['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Service', 'ServiceAccount']],
      ] as const) {
        const folder = join(root, 'deploy/kubernetes/overlays', overlay);
        const made = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
        const found = [...made.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind);
        expect(found.toSorted()).toEqual(kinds);
        const [, settingsName] = /^ {2}name: (vault-settings-\w+)$/m.exec(made) ?? [];
        expect(made).toMatch(new RegExp(`configMapRef:\\s+name: ${settingsName}\\n`));
        expect(made).toContain('image: registry.example.com/ria-vault:0.3.0');
      }
    },
  );
});

describe('the Terraform module', () => {
  const main = read('terraform/main.tf');
  const docs = readFileSync(join(root, 'docs/storage.md'), 'utf8');

  it('gives the rights of docs/storage.md', () => {
    const [, policy] = /### Least privilege, one prefix[\s\S]*?```json\n([\s\S]*?)```/.exec(docs) ?? [];
    const values: Record<string, string> = { bucket: 'arn:aws:s3:::my-bucket', prefix: 'slack' };
    const template = read('terraform/rights.json.tftpl').replace(
      /\$\{(\w+)\}/g,
      (_, name) => values[name] ?? '?',
    );
    expect(JSON.parse(template)).toEqual(JSON.parse(policy as string));
  });

  it('closes the bucket, keeps versions, encrypts, and lets no rule expire what is current', () => {
    for (const one of ['acls', 'policy']) expect(main).toMatch(new RegExp(`block_public_${one}\\s+= true`));
    expect(main).toMatch(/restrict_public_buckets\s+= true/);
    expect(main).toMatch(/ignore_public_acls\s+= true/);
    expect(main).toContain('status = "Enabled"');
    expect(main).toContain('sse_algorithm = "AES256"');
    expect(main).toContain('prevent_destroy = true');
    expect(main).toMatch(/abort_incomplete_multipart_upload \{\s+days_after_initiation = 7/);
    expect(main).not.toMatch(/^\s+expiration \{/m);
    expect(main).not.toMatch(/aws_iam_access_key/);
  });

  it('names variables and resources that it has', () => {
    const text = ['main', 'outputs'].map((name) => read(`terraform/${name}.tf`)).join('\n');
    const variables = [...read('terraform/variables.tf').matchAll(/^variable "(\w+)"/gm)].map(
      ([, name]) => name,
    );
    const used = new Set([...text.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name));
    expect([...used].toSorted()).toEqual(variables.toSorted());
    const resources = new Set(
      [...main.matchAll(/^(?:resource|data) "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`),
    );
    for (const [, name] of text.matchAll(/\b(aws_\w+\.\w+)\b/g)) expect(resources).toContain(name);
  });
});
