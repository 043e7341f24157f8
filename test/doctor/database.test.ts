import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerFacts } from '../../src/catalog/db/look.ts';
import type { Line } from '../../src/doctor/check.ts';
import { databasePooler, databaseSearch, databaseTls, databaseVersion } from '../../src/doctor/database.ts';
import { runChecks } from '../../src/doctor/run.ts';
import { readSituation } from '../../src/doctor/situation.ts';
import { newDatabase } from '../catalog/databases.ts';
import { noPgBouncer, startPgBouncer } from '../helpers/pgbouncer.ts';
import { noPostgres, type PostgresServer } from '../helpers/postgres.ts';
import { type Patient, startPatient, trouble } from './patient.ts';

const stateOf = (lines: readonly Line[], id: string) => lines.find((line) => line.id === id)?.state;

describe.skipIf(noPostgres())('the catalog in PostgreSQL', () => {
  let patient: Patient;
  let database: Awaited<ReturnType<typeof newDatabase>>;
  beforeEach(async () => {
    patient = await startPatient();
    database = await newDatabase('all');
  });
  afterEach(async () => {
    await database.drop();
    await patient.close();
  });

  async function run(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(text).finally(() => client.end());
  }
  const look = (url = database.url) => patient.examine({ DATABASE_URL: url });
  const as = (role: string) => {
    const url = new URL(database.url);
    url.username = role;
    return url.href;
  };

  it('is well, and each of its lines is', async () => {
    const lines = await look();
    expect(trouble(lines)).toEqual([]);
    for (const id of ['version', 'schema', 'write', 'search', 'tls', 'pooler'])
      expect([id, stateOf(lines, `database.${id}`)]).toEqual([id, 'ok']);
  });

  it.each<[string, string, string]>([
    [
      'is shared with a bot that has a malware scanner',
      'scanner: warn',
      "insert into bot (owner, seen_at, scan_mode) values ('b', extract(epoch from now()) * 1000 + 60000, 'block')",
    ],
    [
      'is another workspace’s',
      'slack.workspace: fail',
      "insert into workspace (id, team_id) values (1, 'T0OTHER')",
    ],
    [
      'was made by a newer version',
      'database.schema: fail',
      "insert into kysely_migration values ('9999_later', '2030')",
    ],
    [
      'was made by an older version',
      'database.schema: warn',
      "delete from kysely_migration where name > '0012'",
    ],
    ['lacks pg_trgm, which this role may create', 'none', 'drop extension pg_trgm cascade'],
  ])('%s', async (_, expected, text) => {
    await run(text);
    expect(trouble(await look())).toEqual(expected === 'none' ? [] : [expected]);
  });

  it('can only be read', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await run(`alter database ${name} set default_transaction_read_only = on`);
    const lines = await look();
    expect(trouble(lines)).toEqual(['database.write: fail']);
  });

  it('belongs to another role, and lacks an extension that only that one may create', async () => {
    const role = `reader_${new URL(database.url).pathname.slice(1).replaceAll('-', '')}`;
    await run(
      `create role ${role} login; grant usage, create on schema public to ${role}; grant select on all tables in schema public to ${role}; drop extension pg_trgm cascade`,
    );
    try {
      expect(trouble(await look(as(role)))).toEqual(['database.write: fail', 'database.search: warn']);
    } finally {
      await run(`drop owned by ${role}; drop role ${role}`);
    }
  });

  it.each<[string, (url: URL) => void]>([
    ['has no such name', (url) => void Object.assign(url, { pathname: '/nowhere' })],
    ['has no such user', (url) => void Object.assign(url, { username: 'nobody' })],
    ['is not there', (url) => void Object.assign(url, { port: '1' })],
    ['has no TLS, which is wanted', (url) => url.searchParams.set('sslmode', 'require')],
  ])('%s', async (_, change) => {
    const url = new URL(database.url);
    change(url);
    const lines = await look(url.href);
    expect(trouble(lines)).toEqual(['database: fail']);
    expect(JSON.stringify(lines)).not.toContain('postgres://');
  });
});

describe.skipIf(noPgBouncer())('a pooler in between', () => {
  it.each([
    ['transaction', []],
    ['session', []],
    ['statement', ['database.pooler: fail']],
  ] as const)('%s', async (mode, expected) => {
    const patient = await startPatient();
    const database = await newDatabase('all');
    const port = Number(new URL(database.url).port);
    const pooler = await startPgBouncer({ port } as PostgresServer, { mode });
    const lines = await patient.examine({ DATABASE_URL: pooler.through(database.url) });
    await pooler.close();
    await database.drop();
    await patient.close();
    expect(trouble(lines)).toEqual(expected);
    expect(lines.find(({ id }) => id === 'database.pooler')?.says).toContain('A pooler is in between');
  });
});

describe('what a server says of itself', () => {
  const WELL: ServerFacts = {
    ...{ number: 170_002, isReadOnly: false, mayCreate: true, ownsTables: true, search: 'there' },
    ...{ tls: 'verified', isLocal: false, pooler: 'none' },
  };
  const SERVER_CHECKS = [databaseVersion, databaseSearch, databaseTls, databasePooler];

  async function judge(facts: Partial<ServerFacts>): Promise<string[]> {
    const situation = readSituation({}, '/');
    situation.found.database = {
      kind: 'postgres',
      version: '17',
      schema: 'same',
      server: { ...WELL, ...facts },
    };
    return trouble(await runChecks(SERVER_CHECKS, situation));
  }

  it.each<[Partial<ServerFacts>, string[]]>([
    [{}, []],
    [{ number: 120_022 }, ['database.version: fail']],
    [{ search: 'unavailable' }, ['database.search: warn']],
    [{ search: 'for the superuser' }, ['database.search: warn']],
    [{ search: 'creatable' }, []],
    [{ tls: 'off' }, ['database.tls: warn']],
    [{ tls: 'off', isLocal: true }, []],
    [{ tls: 'unverified' }, ['database.tls: warn']],
    [{ pooler: 'statement' }, ['database.pooler: fail']],
    [{ pooler: 'transaction' }, []],
  ])('%j', async (facts, expected) => {
    expect(await judge(facts)).toEqual(expected);
  });
});
