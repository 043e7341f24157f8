// @slow: a vault of its own for each fault.
/** Faults are planted one by one. Each is named by its id, and nothing else is said to be wrong. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCatalog } from '../../src/catalog/db/open.ts';
import type { Line } from '../../src/doctor/check.ts';
import { createAuthority } from '../helpers/certificates.ts';
import { BUCKET, type Patient, startPatient, trouble } from './patient.ts';

let patient: Patient;
beforeAll(async () => {
  patient = await startPatient();
});
afterEach(() => {
  patient.slack.faults.clear();
  patient.s3.faults.clear();
});
afterAll(() => patient.close());

const MB = 1024 * 1024;
const ALLOWED = { Effect: 'Allow', Action: '*', Resource: '*' } as const;
const denied = (...Action: string[]) => ({
  rights: { Statement: [ALLOWED, { Effect: 'Deny' as const, Action, Resource: '*' }] },
});

/** The text of the line that is not well. */
const saysOf = (lines: readonly Line[]) =>
  lines
    .filter(({ state }) => state !== 'ok' && state !== 'skipped')
    .map(({ says }) => says)
    .join(' ');

describe('a vault that is well', () => {
  it('has nothing but well lines, each once, and leaves nothing behind', async () => {
    const lines = await patient.examine();
    expect(trouble(lines)).toEqual([]);
    expect(lines.filter(({ state }) => state === 'skipped').map(({ id }) => id)).toEqual([
      ...['bot', 'slack.hooks', 'slack.events', 'bucket.versions', 'bucket.version'],
      ...['database.version', 'database.write', 'database.search', 'database.tls', 'database.pooler'],
      'scanner',
    ]);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    expect(await patient.s3.list(BUCKET)).toEqual([]);
    expect(await patient.s3.uploads(BUCKET)).toEqual([]);
    expect(JSON.stringify(lines)).not.toMatch(/xoxb-test|xapp-test|doctor-secret|X-Amz-/);
  });

  it('may have a bot that runs on it, whose sockets and lock are left alone', async () => {
    const catalog = await openCatalog({ dataDir: patient.dataDir });
    try {
      expect(trouble(await patient.examine())).toEqual([]);
      expect(patient.slack.calls.count('apps.connections.open')).toBeGreaterThan(0);
    } finally {
      await catalog.close();
    }
  });

  it('reaches the host where answers to commands go, and says so when that one alone is blocked', async () => {
    const look = async (hooks: string) => {
      const lines = await patient.examine({}, { machine: { hooks } });
      return { trouble: trouble(lines), line: lines.find(({ id }) => id === 'slack.hooks') };
    };
    expect(await look(patient.slack.apiUrl)).toMatchObject({ trouble: [], line: { state: 'ok' } });
    const { trouble: wrong, line } = await look('http://127.0.0.1:9/');
    expect(wrong).toEqual(['slack.hooks: fail']);
    expect(line?.says).toContain('127.0.0.1:9');
    expect(line?.remedy).toContain('hooks.slack.com');
  });

  it.each<[string, Parameters<Patient['withBucket']>[0]]>([
    ['keeps versions', { versioning: true }],
    ['has Object Lock', { objectLock: true }],
    ['retains new objects', { objectLock: { mode: 'GOVERNANCE', days: 1 } as never }],
    ['may not be asked about Object Lock', denied('s3:GetBucketObjectLockConfiguration')],
  ])('may have a bucket that %s', async (_, options) => {
    expect(trouble(await patient.withBucket(options))).toEqual([]);
  });

  it('needs no more rights than docs/storage.md lists, for the prefix alone', async () => {
    const bucket = `arn:aws:s3:::${BUCKET}`;
    const under = { StringLike: { 's3:prefix': ['slack/*'] } };
    const Statement = [
      {
        Effect: 'Allow' as const,
        Action: ['s3:ListBucket', 's3:ListBucketVersions'],
        Resource: bucket,
        Condition: under,
      },
      {
        Effect: 'Allow' as const,
        Action: ['s3:GetBucketVersioning', 's3:ListBucketMultipartUploads'],
        Resource: bucket,
      },
      {
        Effect: 'Allow' as const,
        Action: [
          'PutObject',
          'GetObject',
          'GetObjectVersion',
          'DeleteObject',
          'DeleteObjectVersion',
          'AbortMultipartUpload',
        ].map((name) => `s3:${name}`),
        Resource: `${bucket}/slack/*`,
      },
    ];
    expect(trouble(await patient.withBucket({ rights: { Statement }, versioning: true }))).toEqual([]);
  });
});

describe('the machine and the settings', () => {
  it.each<[string, string, Record<string, string | undefined>]>([
    ['SLACK_BOT_TOKEN is missing', 'settings.SLACK_BOT_TOKEN: fail', { SLACK_BOT_TOKEN: undefined }],
    ['the token rotates', 'settings.SLACK_BOT_TOKEN: fail', { SLACK_BOT_TOKEN: 'xoxe.xoxb-1-abc' }],
    [
      'neither app token nor signing secret',
      'settings.SLACK_APP_TOKEN: fail',
      { SLACK_APP_TOKEN: undefined },
    ],
    ['VAULT_BUCKET is missing', 'settings.VAULT_BUCKET: fail', { VAULT_BUCKET: undefined }],
    ['VAULT_BUCKET is an address', 'settings.VAULT_BUCKET: fail', { VAULT_BUCKET: 's3://files' }],
    ['a number is none', 'settings.VAULT_LINK_MINUTES: fail', { VAULT_LINK_MINUTES: 'five' }],
    ['DATABASE_URL is no address', 'settings.DATABASE_URL: fail', { DATABASE_URL: 'mysql://x/y' }],
    ['a proxy that is not there', 'proxy: fail', { HTTP_PROXY: 'http://127.0.0.1:1' }],
    ['both kinds of receiving', 'slack.line: warn', { SLACK_SIGNING_SECRET: 'x' }],
    [
      'a signing secret of another form',
      'slack.line: warn',
      { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'secret' },
    ],
    [
      'a token in the place of the signing secret',
      'slack.line: fail',
      { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'xoxb-1' },
    ],
    ['a bucket that is not there', 'bucket.reach: fail', { VAULT_BUCKET: 'no-such-bucket' }],
    ['keys that the store does not know', 'bucket.reach: fail', { AWS_ACCESS_KEY_ID: 'SOMEBODY' }],
    ['a secret that is not the key’s', 'bucket.reach: fail', { AWS_SECRET_ACCESS_KEY: 'other' }],
    ['a store that is not there', 'bucket.reach: fail', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }],
    [
      'links to an address where nobody is',
      'bucket.link: warn',
      { VAULT_LINK_ENDPOINT: 'http://127.0.0.1:1' },
    ],
    ['a folder that cannot be made', 'folder: fail', { VAULT_DATA_DIR: '/proc/nowhere/data' }],
  ])('%s', async (_, expected, env) => {
    expect(trouble(await patient.examine(env))).toEqual([expected]);
  });

  it.each<[string, string, NonNullable<Parameters<Patient['examine']>[1]>['machine']]>([
    ['an old Node', 'node: fail', { nodeVersion: '20.11.0' }],
    ['a full disk', 'disk: fail', { freeSpace: async () => MB }],
    ['a disk that is nearly full', 'disk: warn', { freeSpace: async () => 300 * MB }],
    ['a file system of the network', 'filesystem: warn', { fileSystemOf: async () => 'network' }],
    ['a container’s own layer', 'filesystem: warn', { fileSystemOf: async () => 'passing' }],
  ])('%s', async (_, expected, machine) => {
    expect(trouble(await patient.examine({}, { machine }))).toEqual([expected]);
  });

  it('a bucket that is not there, in the words of every command line', async () => {
    const lines = await patient.examine({ VAULT_BUCKET: 'no-such-bucket' });
    expect(saysOf(lines)).toContain('There is no bucket "no-such-bucket"; set VAULT_BUCKET');
  });

  it('an .env that everybody can read', async () => {
    const path = join(patient.dir, '.env');
    chmodSync(path, 0o644);
    const found = trouble(await patient.examine());
    chmodSync(path, 0o600);
    expect(found).toEqual(['env: warn']);
  });

  it('an .env that the environment contradicts, without a value of either', async () => {
    const lines = await patient.examine({ VAULT_TRASH_DAYS: '31' });
    expect(trouble(lines)).toEqual(['env: warn']);
    expect(saysOf(lines)).toMatch(/VAULT_TRASH_DAYS\.$/);
  });

  it('nothing in an .env as Windows writes it, with empty settings whose secrets stand in files', async () => {
    const path = join(patient.dir, '.env');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, '\uFEFFVAULT_TRASH_DAYS=30\r\nSLACK_BOT_TOKEN=\r\n');
    const lines = [await patient.examine(), await patient.examine({ VAULT_TRASH_DAYS: '31' })];
    writeFileSync(path, before);
    expect(lines.map(trouble)).toEqual([[], ['env: warn']]);
  });

  it('an .env that cannot be read', async () => {
    const cwd = join(patient.dir, 'elsewhere');
    mkdirSync(join(cwd, '.env'), { recursive: true });
    expect(trouble(await patient.examine({}, { cwd }))).toEqual(['env: fail']);
  });

  it('a folder that others may look into', async () => {
    chmodSync(patient.dataDir, 0o755);
    const found = trouble(await patient.examine());
    chmodSync(patient.dataDir, 0o700);
    expect(found).toEqual(['folder: warn']);
  });

  it('several missing things at once, one line each', async () => {
    const lines = await patient.examine({
      SLACK_BOT_TOKEN: '',
      SLACK_APP_TOKEN: '',
      VAULT_BUCKET: '',
      PORT: 'x',
      VAULT_DATA_DIR: patient.dataDir,
    });
    expect(trouble(lines)).toEqual(
      ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'PORT', 'VAULT_BUCKET'].map((name) => `settings.${name}: fail`),
    );
  });
});

describe('Slack', () => {
  it.each<[string, string, string, object]>([
    ['the connection is cut', 'slack.reach: fail', 'api.test', { reset: true }],
    ['a web page answers', 'slack.reach: fail', 'api.test', { webPage: true }],
    ['the token is revoked', 'slack.token: fail', 'auth.test', { error: 'token_revoked' }],
    ['the app was removed', 'slack.token: fail', 'auth.test', { error: 'account_inactive' }],
    [
      'the token is a person’s',
      'slack.token: fail',
      'auth.test',
      { body: { ok: true, team_id: 'T1', user_id: 'U1' } },
    ],
    ['the app token is refused', 'slack.line: fail', 'apps.connections.open', { error: 'invalid_auth' }],
    [
      'the app token lacks its scope',
      'slack.line: fail',
      'apps.connections.open',
      { error: 'missing_scope' },
    ],
  ])('%s', async (_, expected, method, fault) => {
    patient.slack.faults.api(method, fault);
    expect(trouble(await patient.examine())).toEqual([expected]);
  });

  const ofOrganisation = () => {
    const whole = { team_id: 'E1', enterprise_id: 'E1', is_enterprise_install: true, team: 'Acme' };
    const body = { ok: true, user_id: 'W1', bot_id: 'B1', ...whole };
    patient.slack.faults.api('auth.test', { body });
  };

  it('the token is for an organisation of more workspaces than Slack lists on one page', async () => {
    ofOrganisation();
    const page = (count: number, next_cursor: string) => {
      const teams = Array.from({ length: count }, (_, n) => ({ id: `T${next_cursor}${n}` }));
      return { body: { ok: true, teams, response_metadata: { next_cursor } } };
    };
    patient.slack.faults.api('auth.teams.list', page(999, 'second'), 1);
    patient.slack.faults.api('auth.teams.list', page(4, ''), 1);
    const before = patient.slack.calls.list.length;
    const line = (await patient.examine()).find(({ id }) => id === 'slack.token');
    expect(line).toMatchObject({ state: 'ok', says: expect.stringContaining('added to 1003 workspaces') });
    const asked = patient.slack.calls.list.slice(before).filter(({ method }) => method === 'auth.teams.list');
    expect(asked.map(({ args }) => args.cursor)).toEqual([undefined, 'second']);
  });

  it.each([
    ['ok', 'added to 2 workspaces', [{ id: 'T1' }, { id: 'T2' }]],
    ['warn', 'added to none of its workspaces', []],
  ])('the token is for a whole organisation: %s', async (state, says, teams) => {
    ofOrganisation();
    patient.slack.faults.api('auth.teams.list', { body: { ok: true, teams } });
    const line = (await patient.examine()).find(({ id }) => id === 'slack.token');
    expect(line).toMatchObject({ state, says: expect.stringContaining(says) });
  });

  it('a rate limit is no trouble: nobody knows now', async () => {
    patient.slack.faults.api('apps.connections.open', { status: 429, retryAfter: 30 });
    const lines = await patient.examine();
    expect(trouble(lines)).toEqual([]);
    expect(lines.find(({ id }) => id === 'slack.line')?.state).toBe('skipped');
  });

  it('scopes that are missing, and scopes that are too many', async () => {
    const { scopes } = patient.manifest.oauth_config;
    const { bot } = scopes;
    try {
      scopes.bot = bot.filter((scope) => scope !== 'files:read');
      const lacking = await patient.examine();
      expect([trouble(lacking), saysOf(lacking)]).toEqual([
        ['slack.scopes: fail'],
        expect.stringContaining('files:read (downloading files)'),
      ]);
      scopes.bot = bot;
      const joining = await patient.examine({ VAULT_JOIN: 'all' });
      expect([trouble(joining), saysOf(joining)]).toEqual([
        ['slack.scopes: fail'],
        expect.stringContaining('VAULT_JOIN=all needs the scope channels:join'),
      ]);
      scopes.bot = [...bot, 'channels:join'];
      expect(trouble(await patient.examine({ VAULT_JOIN: 'all' }))).toEqual([]);
      expect(trouble(await patient.examine())).toEqual([]);
      scopes.bot = [...bot, 'chat:write.public'];
      const many = await patient.examine();
      expect([trouble(many), saysOf(many)]).toEqual([
        ['slack.scopes: warn'],
        expect.stringContaining('chat:write.public'),
      ]);
    } finally {
      scopes.bot = bot;
    }
  });

  it('Socket Mode is switched off', async () => {
    patient.manifest.settings.socket_mode_enabled = false;
    const found = trouble(await patient.examine());
    patient.manifest.settings.socket_mode_enabled = true;
    expect(found).toEqual(['slack.line: fail']);
  });

  it('a certificate that nobody trusts', async () => {
    const authority = createAuthority();
    const server = createTlsServer(authority.issue(['localhost']), (_, response) =>
      response.end('{"ok":true}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const lines = await patient.examine({ SLACK_API_URL: `https://localhost:${port}/api/` });
    server.close();
    authority.remove();
    expect(trouble(lines)).toEqual(['slack.reach: fail']);
    expect(lines.find(({ id }) => id === 'slack.reach')?.remedy).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('a clock that is ten minutes off', async () => {
    // Our S3 tells the same wrong time; Node's own header, which our Slack sends, tells the right one.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 60_000 });
    const lines = await patient.examine();
    vi.useRealTimers();
    expect(trouble(lines)).toEqual(['slack.clock: fail']);
    expect(saysOf(lines)).toMatch(/ahead of Slack’s/);
  });

  it('a bot that runs and is not ready', async () => {
    const body = JSON.stringify({ ok: false, checks: { slack: 'down: token_revoked' } });
    const server = createServer((_, response) => response.writeHead(503).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const lines = await patient.examine({ PORT: String(port) });
    server.close();
    expect(trouble(lines)).toEqual(['bot: fail']);
    expect(saysOf(lines)).toContain('token_revoked');
  });
});

describe('the catalog in SQLite', () => {
  /** A patient's folder in which something was changed. */
  async function withFolder(change: (dataDir: string) => void | Promise<void>): Promise<Line[]> {
    const dataDir = join(patient.dir, `changed-${Math.random()}`);
    await (await openCatalog({ dataDir })).close();
    await change(dataDir);
    const lines = await patient.examine({ VAULT_DATA_DIR: dataDir });
    rmSync(dataDir, { recursive: true });
    return lines;
  }
  const run = (text: string) => (dataDir: string) => {
    const database = new DatabaseSync(join(dataDir, 'vault.db'));
    database.exec(text);
    database.close();
  };
  const share = (at: number) =>
    `insert into share (team_id, file_id, channel_id, ts, shared_at) values ('T1', 'F1', 'C1', '1.1', ${at})`;

  it.each<[string, string, (dataDir: string) => void]>([
    [
      'is another workspace’s',
      'slack.workspace: fail',
      run("insert into workspace (id, team_id) values (1, 'T0OTHER')"),
    ],
    [
      'was made by a newer version',
      'database.schema: fail',
      run("insert into kysely_migration values ('9999_later', '2030')"),
    ],
    [
      'was made by an older version',
      'database.schema: warn',
      run("delete from kysely_migration where name > '0012'"),
    ],
    ['has heard of nothing for a month', 'slack.events: warn', run(share(Date.now() - 30 * 86_400_000))],
    [
      'is damaged',
      'database: fail',
      (dataDir) => writeFileSync(join(dataDir, 'vault.db'), 'this is no database. '.repeat(500)),
    ],
  ])('%s', async (_, expected, change) => {
    expect(trouble(await withFolder(change))).toEqual([expected]);
  });

  it('and a file that was shared today shows that events arrive, or a sweep does', async () => {
    const lines = await withFolder(run(share(Date.now() - 60_000)));
    expect(trouble(lines)).toEqual([]);
    expect(lines.find(({ id }) => id === 'slack.events')?.state).toBe('ok');
  });

  it('a folder in whose place a file is', async () => {
    const lines = await withFolder((dataDir) => {
      renameSync(dataDir, `${dataDir}-away`);
      writeFileSync(dataDir, '');
    });
    expect(trouble(lines)).toEqual(['folder: fail']);
  });
});

describe('the rights in the bucket, each taken away alone', () => {
  const viaLink = { StringEquals: { 's3:authType': 'REST-QUERY-STRING' } };
  it.each<[string, string, Parameters<Patient['withBucket']>[0]]>([
    ['s3:PutObject', 'bucket.put: fail', denied('s3:PutObject')],
    ['s3:GetObject', 'bucket.head: fail', denied('s3:GetObject')],
    ['s3:ListBucket', 'bucket.list: fail', denied('s3:ListBucket')],
    ['s3:DeleteObject', 'bucket.delete: warn', denied('s3:DeleteObject')],
    [
      's3:DeleteObjectVersion',
      'bucket.delete: warn',
      { ...denied('s3:DeleteObjectVersion'), versioning: true },
    ],
    ['s3:AbortMultipartUpload', 'bucket.abort: warn', denied('s3:AbortMultipartUpload')],
    ['s3:ListBucketMultipartUploads', 'bucket.uploads: warn', denied('s3:ListBucketMultipartUploads')],
    ['s3:GetBucketVersioning', 'bucket.versioning: warn', denied('s3:GetBucketVersioning')],
    [
      's3:ListBucketVersions',
      'bucket.versions: warn',
      { ...denied('s3:ListBucketVersions'), versioning: true },
    ],
    ['s3:GetObjectVersion', 'bucket.version: warn', { ...denied('s3:GetObjectVersion'), versioning: true }],
    ['s3:GetObjectLegalHold', 'bucket.lock: warn', { ...denied('s3:GetObjectLegalHold'), objectLock: true }],
    [
      's3:GetObject in links',
      'bucket.link: fail',
      {
        rights: {
          Statement: [ALLOWED, { Effect: 'Deny', Action: 's3:GetObject', Resource: '*', Condition: viaLink }],
        },
      },
    ],
  ])('%s', async (right, expected, options) => {
    const lines = await patient.withBucket(options);
    expect(trouble(lines)).toEqual([expected]);
    if (right.startsWith('s3:') && !right.includes(' '))
      expect(
        `${saysOf(lines)} ${lines.find(({ state }) => state === 'warn' || state === 'fail')?.remedy}`,
      ).toContain(right);
  });

  it.each<[string, string, Parameters<Patient['s3']['faults']['add']>[0]]>([
    [
      'an upload that cannot be begun',
      'bucket.parts: fail',
      { operation: 'CreateMultipartUpload', do: { status: 501, code: 'NotImplemented' } },
    ],
    [
      'a part that cannot be sent',
      'bucket.parts: fail',
      { operation: 'UploadPart', do: { status: 403, code: 'AccessDenied' } },
    ],
    [
      'parts that do not become an object',
      'bucket.parts: fail',
      { operation: 'CompleteMultipartUpload', do: { status: 403, code: 'AccessDenied' } },
    ],
    [
      'objects that can only be looked at',
      'bucket.get: fail',
      { operation: 'GetObject', do: { status: 403, code: 'AccessDenied' } },
    ],
  ])('%s', async (_, expected, rule) => {
    patient.s3.faults.add(rule);
    expect(trouble(await patient.examine())).toEqual([expected]);
    patient.s3.faults.clear();
    expect(await patient.s3.uploads(BUCKET)).toEqual([]);
  });

  it('an upload that may not be ended leaves nothing behind', async () => {
    patient.s3.faults.add({ operation: 'AbortMultipartUpload', do: { status: 403, code: 'AccessDenied' } });
    expect(trouble(await patient.examine())).toEqual(['bucket.abort: warn']);
    expect(await patient.s3.uploads(BUCKET)).toEqual([]);
    expect(await patient.s3.list(BUCKET)).toEqual([]);
  });

  it('a store that writes over what is there', async () => {
    patient.s3.faults.compat.noConditional = true;
    expect(trouble(await patient.examine())).toEqual(['bucket.conditional: warn']);
  });
});
