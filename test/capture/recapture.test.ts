// @slow: every way of a change, many of them cut short.
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { S3Server } from '../../sandbox/s3/server.ts';
import { asNextVersion, copyFile, copyIfNew, nextVersionKeys } from '../../src/capture/copy.ts';
import { purge } from '../../src/capture/purge.ts';
import { type RecaptureOptions, recapture } from '../../src/capture/recapture.ts';
import { repair } from '../../src/capture/repair.ts';
import { verify } from '../../src/capture/verify.ts';
import type { Finding } from '../../src/catalog/alerts/findings.ts';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored, skipFile } from '../../src/catalog/files/capture.ts';
import {
  BUSY_MS,
  claimDueChanges,
  nextChangeDueAt,
  noteChange,
  noteMissedChanges,
  QUIET_MS,
} from '../../src/catalog/files/changes.ts';
import { fileById } from '../../src/catalog/files/lookup.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { claimPurges, restoreFile, trashFile } from '../../src/catalog/files/trash.ts';
import { commitVersion, olderVersions } from '../../src/catalog/files/versions.ts';
import type { FileFacts, FileRef, FileRow, SharedFile } from '../../src/catalog/model.ts';
import { newsAmong } from '../../src/catalog/sweep/news.ts';
import { createLog } from '../../src/log.ts';
import { rebuild } from '../../src/rebuild/rebuild.ts';
import { putObject } from '../../src/storage/put.ts';
import { removeObject } from '../../src/storage/remove.ts';
import { removeFileObject } from '../../src/storage/remove-file.ts';
import { databases } from '../catalog/databases.ts';
import { sampleFile, sampleShare, T0, TEAM } from '../catalog/samples.ts';
import { openTarget, type Target } from '../storage/target.ts';
import { type FileHost, startFileHost } from './file-host.ts';

const quiet = createLog('error', { write: () => {} });
const fresh = databases[0]?.fresh as () => Promise<Catalog>;
const hex = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
const noSignal = new AbortController().signal;
const DAY_MS = 24 * 60 * 60_000;

let target: Target;
let store: S3Server;
let host: FileHost;
let catalog: Catalog;
beforeAll(async () => {
  target = await openTarget({ sandboxOnly: true, stallMs: 5_000 });
  store = target.sandbox as S3Server;
  host = await startFileHost();
});
afterAll(async () => {
  await host?.close();
  await target?.close();
});
beforeEach(async () => {
  catalog = await fresh();
});
afterEach(async () => {
  store.faults.clear();
  await catalog.close();
});

let count = 0;

interface World {
  ref: FileRef;
  told: SharedFile;
  content: Buffer;
  fetched: number;
  /** What happens as soon as Slack was asked for the bytes. */
  onFetch(): void;
  clock: number;
  edit(content: string | Buffer, updatedAt?: number): Promise<'first' | 'more' | null>;
}

/** A canvas that people edit: what Slack says of it, and what it sends. */
function canvas(change: Partial<SharedFile> = {}) {
  const fileId = `F${++count}`;
  const told: SharedFile = sampleFile(fileId, {
    name: 'Untitled',
    title: `Plan ${count}`,
    mimetype: 'application/vnd.slack-docs',
    filetype: 'quip',
    mode: 'quip',
    size: null,
    updatedAt: T0,
    ...change,
  });
  const world: World = {
    ref: { teamId: TEAM, fileId },
    told,
    content: Buffer.from('<p>First</p>'),
    fetched: 0,
    onFetch: () => {},
    clock: T0,
    edit(content: string | Buffer, updatedAt = world.clock) {
      world.content = Buffer.from(content);
      world.told.updatedAt = updatedAt;
      return noteChange(catalog, world.ref, world.clock);
    },
  };
  told.url = host.serve(`/${fileId}`, (_request, response) => {
    world.fetched++;
    const { content } = world;
    world.onFetch();
    response.writeHead(200, { 'content-type': told.mode === 'quip' ? 'text/html' : 'text/plain' });
    response.end(content);
  });
  return world;
}

const from = () => ({ bucket: target.bucket, token: 'xoxb-1', allowedHosts: ['127.0.0.1'], stallMs: 2_000 });

/** Captures it for the first time. */
async function first(world: World, o: { confirm?: 'thread' | 'off'; facts?: FileFacts } = {}) {
  await recordShares(catalog, TEAM, [{ file: world.told, share: sampleShare('C1', T0) }], T0);
  await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1_000, now: T0 });
  const row = (await fileById(catalog, world.ref)) as FileRow;
  const object = { ...(await copyFile({ ...from(), file: row })), ...(o.facts && { facts: o.facts }) };
  await commitStored(catalog, { ref: world.ref, owner: 'w', object, confirm: o.confirm ?? 'off', now: T0 });
}

interface Hooks extends Partial<RecaptureOptions> {
  versions?: 'all' | 'latest' | 'first';
  facts?: FileFacts;
  maxBytes?: number;
}

function optionsFor(
  world: World,
  { versions = 'all', facts, maxBytes, ...more }: Hooks = {},
): RecaptureOptions {
  const policy = { maxFileBytes: 2 ** 30, excludeTypes: new Set<string>(), versions };
  return {
    ...{ catalog, owner: 'w', leaseMs: 60_000, policy, confirm: 'thread' as const, log: quiet },
    fileInfo: async () => ({ file: { ...world.told }, shares: [] }),
    copy: async (file, { number, attempts, onHashed, signal }) => {
      const request = { ...from(), ...asNextVersion(file, attempts, number), onHashed, signal };
      const object = await copyIfNew({ ...request, unlike: file.sha256 ?? '', maxBytes });
      return object && { ...object, ...(facts && { facts }) };
    },
    remove: (object) => removeFileObject(target.bucket, object),
    nextVersionKeys: (file, number) => nextVersionKeys(target.bucket, file, number),
    now: () => world.clock,
    ...more,
  };
}

/** Looks at it once it has been quiet for long enough, as a worker would; undefined when nothing is due. */
async function look(world: World, hooks: Hooks = {}) {
  const owner = hooks.owner ?? 'w';
  const claim = { owner, limit: 1, leaseMs: 60_000, now: world.clock };
  const [change] = await claimDueChanges(catalog, claim);
  return change && recapture(optionsFor(world, hooks), change, noSignal);
}

async function lookLater(world: World, hooks: Hooks = {}) {
  world.clock += QUIET_MS;
  return look(world, hooks);
}

const objectsOf = async (world: World) =>
  (await store.list('vault'))
    .filter(({ key }) => key.includes(`/${world.ref.fileId}/`))
    .map(({ key }) => key)
    .sort();

/** What must be true at any quiet moment: each version's object has its bytes, and there are no other objects. */
async function expectSound(world: World) {
  const file = (await fileById(catalog, world.ref)) as FileRow;
  const older = await olderVersions(catalog, world.ref);
  const rows = [
    { objectKey: file.objectKey as string, sha256: file.sha256, storedBytes: file.storedBytes },
    ...older,
  ];
  expect(await objectsOf(world)).toEqual(rows.map(({ objectKey }) => objectKey).sort());
  for (const { objectKey, sha256, storedBytes } of rows) {
    const bytes = await store.read('vault', objectKey);
    expect([hex(bytes), bytes.length]).toEqual([sha256, storedBytes]);
  }
  const sum = older.reduce((total, { storedBytes }) => total + storedBytes, 0);
  expect([file.olderVersions, file.olderBytes]).toEqual([older.length, sum]);
  const { bytes } = await catalog.db
    .selectFrom('audience')
    .select(({ fn }) => fn.sum<number>('bytes').as('bytes'))
    .executeTakeFirstOrThrow();
  if (file.state === 'stored') expect(Number(bytes)).toBe((file.storedBytes ?? 0) + sum);
  return { file, older };
}

async function findings(): Promise<Finding[]> {
  const found: Finding[] = [];
  const { bucket } = target;
  await verify({ catalog, bucket, deep: true, onFinding: (one) => void found.push(one), now: () => T0 });
  const ours = await catalog.db.selectFrom('file').select('fileId').execute();
  return found.filter(({ fileId, key }) =>
    ours.some((one) => one.fileId === fileId || key?.includes(`/${one.fileId}/`)),
  );
}

describe('a file that was changed', () => {
  it('is stored as a version of its own, and the one before stays', async () => {
    const world = canvas();
    await first(world);
    await world.edit('<p>Second</p>');
    expect(await look(world)).toBeUndefined();
    expect(await lookLater(world)).toBe('version');
    const { file, older } = await expectSound(world);
    expect(file).toMatchObject({ version: 2, sha256: hex('<p>Second</p>'), storedAt: world.clock });
    expect(file.objectKey).toMatch(/\/v2\/Untitled\.html$/);
    expect(older).toMatchObject([{ number: 1, sha256: hex('<p>First</p>'), storedAt: T0 }]);
    expect(world.fetched).toBe(2);
    expect(await nextChangeDueAt(catalog)).toBeNull();
    const audit = await catalog.db.selectFrom('audit').select('action').orderBy('id').execute();
    expect(audit.map(({ action }) => action)).toEqual(['stored', 'version']);
    expect(await findings()).toEqual([]);
  });

  it('and is the same for all that, is no version', async () => {
    const world = canvas();
    await first(world);
    await world.edit(world.content);
    expect(await lookLater(world)).toBe('same');
    expect((await expectSound(world)).file.version).toBe(1);
    expect(await nextChangeDueAt(catalog)).toBeNull();
  });

  it('a thousand times within hours costs a handful of captures', async () => {
    const world = canvas();
    await first(world);
    const outcomes: Array<string | undefined> = [];
    for (let edit = 0; edit < 1_000; edit++) {
      await world.edit(`<p>${edit}</p>`);
      world.clock += 10_000;
      outcomes.push(await look(world));
    }
    outcomes.push(await lookLater(world));
    // At least hourly while it goes on changing, and once when it is quiet.
    const hours = (1_000 * 10_000) / BUSY_MS;
    const versions = outcomes.filter((one) => one === 'version').length;
    expect(versions).toBeGreaterThanOrEqual(Math.floor(hours));
    expect(versions).toBeLessThanOrEqual(Math.ceil(hours) + 1);
    expect((await expectSound(world)).file.sha256).toBe(hex('<p>999</p>'));
  });

  it('takes its new name, and its key stays', async () => {
    const world = canvas({
      mode: 'hosted',
      filetype: 'pdf',
      size: 12,
      name: 'a.pdf',
      mimetype: 'application/pdf',
    });
    await first(world);
    const before = (await fileById(catalog, world.ref)) as FileRow;
    Object.assign(world.told, { name: 'Q&A.pdf', title: 'Questions' });
    await world.edit('anything else');
    expect(await lookLater(world)).toBe('looked');
    const after = await fileById(catalog, world.ref);
    expect(after).toMatchObject({
      name: 'Q&A.pdf',
      title: 'Questions',
      version: 1,
      objectKey: before.objectKey,
    });
    expect(world.fetched).toBe(1);
  });

  it.each(['snippet', 'space', 'canvas', 'docs', 'list'])(
    'is looked at when its mode is %s',
    async (mode) => {
      const world = canvas({ mode, filetype: mode, size: mode === 'snippet' ? 12 : null });
      await first(world);
      world.told.size = mode === 'snippet' ? 3 : null;
      await world.edit('new');
      expect(await lookLater(world)).toBe('version');
      await expectSound(world);
    },
  );

  it('and is a list for which Slack names no address any more, is fetched by its rows', async () => {
    const world = canvas({ mode: 'list', filetype: 'list' });
    await first(world);
    const url = world.told.url as string;
    Object.assign(world.told, { url: null, complete: false });
    await world.edit('Task,Done');
    const outcome = await lookLater(world, {
      copy: async (file, { number, attempts, onHashed, signal }) =>
        copyIfNew({
          ...{ ...from(), ...asNextVersion(file, attempts, number), onHashed, signal },
          ...{ unlike: file.sha256 ?? '', listRows: async () => ({ url }) },
        }),
    });
    expect(outcome).toBe('version');
    await expectSound(world);
  });

  it('and is too large to be held in memory, is fetched once more, and not when it is the same', async () => {
    const world = canvas();
    world.content = Buffer.alloc(5 * 2 ** 20, 'large ');
    await first(world);
    await world.edit(world.content);
    expect(await lookLater(world)).toBe('same');
    expect(world.fetched).toBe(2);
    await world.edit(Buffer.alloc(6 * 2 ** 20, 'larger '));
    expect(await lookLater(world)).toBe('version');
    expect(world.fetched).toBe(4);
    await expectSound(world);
  });

  it('again while it is looked at, is looked at once more', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    const pending: Array<Promise<unknown>> = [];
    world.onFetch = () => {
      world.onFetch = () => {};
      pending.push(world.edit('third'));
    };
    expect(await lookLater(world)).toBe('version');
    await Promise.all(pending);
    expect(await nextChangeDueAt(catalog)).not.toBeNull();
    expect(await lookLater(world)).toBe('version');
    const { file, older } = await expectSound(world);
    expect([file.sha256, older.length]).toEqual([hex('third'), 2]);
  });

  it('before it was captured for the first time, waits for that', async () => {
    const world = canvas();
    await recordShares(catalog, TEAM, [{ file: world.told, share: sampleShare('C1', T0) }], T0);
    await world.edit('second');
    expect(await lookLater(world)).toBe('waits');
    world.content = Buffer.from('first');
    await first(world);
    world.content = Buffer.from('second');
    world.clock += 60_000;
    expect(await look(world)).toBe('version');
  });

  it('and is not the vault’s, is ignored', async () => {
    expect(await noteChange(catalog, { teamId: TEAM, fileId: 'F0UNKNOWN' }, T0)).toBeNull();
    const world = canvas();
    await recordShares(
      catalog,
      TEAM,
      [{ file: world.told, share: sampleShare('C1', T0), skip: 'too_large' }],
      T0,
    );
    expect(await world.edit('second')).toBeNull();
  });
});

describe('Slack, asked about a changed file,', () => {
  it('may not show it for a moment: it is asked again, and what is stored stays', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    const fileInfo = async () => ({ skip: 'access_denied' as const });
    expect(await lookLater(world, { fileInfo })).toBe('waits');
    world.clock += 60_000;
    expect(await look(world)).toBe('version');
    await world.edit('third');
    for (const outcome of ['waits', 'waits', 'waits', 'gone'])
      expect(await lookLater(world, { fileInfo })).toBe(outcome);
    expect(await nextChangeDueAt(catalog)).toBeNull();
    expect((await expectSound(world)).file).toMatchObject({ state: 'stored', version: 2 });
  });

  it.each(['access_denied', 'hidden_by_limit', 'tombstone'] as const)(
    'may show it without giving it (%s): the edit is no old news when it gives it again',
    async (skip) => {
      const world = canvas();
      await first(world);
      world.clock += 60_000;
      await world.edit('second');
      const fileInfo = async () => ({ file: { ...world.told }, shares: [], skip });
      for (const outcome of ['waits', 'waits', 'waits', 'gone'])
        expect(await lookLater(world, { fileInfo })).toBe(outcome);
      expect((await expectSound(world)).file).toMatchObject({ state: 'stored', version: 1, updatedAt: T0 });
      const { fileId, name, title, updatedAt = null } = world.told;
      const listed = [{ fileId, name, title, updatedAt }];
      expect(await noteMissedChanges(catalog, TEAM, listed, world.clock)).toBe(1);
      expect(await look(world)).toBe('version');
      expect(await noteMissedChanges(catalog, TEAM, listed, world.clock)).toBe(0);
    },
  );

  it('may show a later edit where a walk passes by: that is news', async () => {
    const world = canvas();
    await first(world);
    const where = { teamId: TEAM, channelId: 'C1' };
    const seen = () => newsAmong(catalog, where, [{ file: world.told, share: sampleShare('C1', T0) }]);
    expect(await seen()).toHaveLength(0);
    world.told.updatedAt = T0 + 60_000;
    expect(await seen()).toHaveLength(1);
    await recordShares(catalog, TEAM, await seen(), T0);
    world.content = Buffer.from('second');
    expect(await lookLater(world)).toBe('version');
    expect(await seen()).toHaveLength(0);
  });

  it('may refuse its bytes for good: it is asked some times, and what is stored stays', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    world.told.url = host.serve('/forbids', (_request, response) => response.writeHead(403).end());
    for (const outcome of ['waits', 'waits', 'waits', 'gone']) expect(await lookLater(world)).toBe(outcome);
    expect(await nextChangeDueAt(catalog)).toBeNull();
    expect((await expectSound(world)).file).toMatchObject({ state: 'stored', version: 1 });
  });

  it('may send more than the channel takes: that is no version, and not fetched again and again', async () => {
    const world = canvas();
    await first(world);
    await world.edit('x'.repeat(2_000));
    expect(await lookLater(world, { maxBytes: 1_000 })).toBe('looked');
    expect(await nextChangeDueAt(catalog)).toBeNull();
    await world.edit('small again');
    expect(await lookLater(world, { maxBytes: 1_000 })).toBe('version');
    await expectSound(world);
  });

  it('may fail, or its file host: the row stays due, and a chatty file is not asked for more often', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    const url = world.told.url;
    world.told.url = host.serve('/refuses', (_request, response) => response.writeHead(503).end());
    expect(await lookLater(world)).toBe('failed');
    for (let edit = 0; edit < 20; edit++) await world.edit('second');
    expect(await nextChangeDueAt(catalog)).toBeLessThan(world.clock + 2_000);
    world.told.url = url;
    expect(await lookLater(world)).toBe('version');
    await expectSound(world);
  });
});

describe('VAULT_VERSIONS', () => {
  it('first: what is changed is not captured again, but renamed', async () => {
    const world = canvas();
    await first(world);
    world.told.title = 'Another title';
    await world.edit('second');
    expect(await lookLater(world, { versions: 'first' })).toBe('looked');
    expect((await expectSound(world)).file).toMatchObject({ version: 1, title: 'Another title' });
    expect(world.fetched).toBe(1);
  });

  it('first: a canvas that was blank is captured once it is not', async () => {
    const world = canvas();
    await first(world, { facts: { blank: true } });
    await world.edit('something');
    expect(await lookLater(world, { versions: 'first' })).toBe('version');
    await world.edit('something else');
    expect(await lookLater(world, { versions: 'first' })).toBe('looked');
    expect((await expectSound(world)).file.version).toBe(2);
  });
});

describe('a canvas that was blank', () => {
  const notices = () => catalog.db.selectFrom('notice').select(['kind', 'bytes']).execute();

  it('is stored and told once there is something in it, once', async () => {
    const world = canvas();
    await first(world, { confirm: 'thread', facts: { blank: true } });
    expect(await notices()).toEqual([]);
    // The bot looks without being told: there may be no event for the change.
    world.content = Buffer.from('<p>Now</p>');
    expect(await lookLater(world)).toBe('version');
    expect(await notices()).toEqual([{ kind: 'stored', bytes: 10 }]);
    await world.edit('more');
    expect(await lookLater(world)).toBe('version');
    expect(await notices()).toHaveLength(1);
    const row = await catalog.db
      .selectFrom('file')
      .select(['told', 'quiet', 'facts'])
      .executeTakeFirstOrThrow();
    expect([row.told, row.quiet, JSON.parse(row.facts).blank]).toEqual([1, 0, false]);
  });

  it('and blank in other bytes, is still told to nobody', async () => {
    const world = canvas();
    await first(world, { confirm: 'thread', facts: { blank: true } });
    await world.edit('<p> </p>');
    expect(await lookLater(world, { facts: { blank: true } })).toBe('version');
    expect(await notices()).toEqual([]);
    await world.edit('words');
    expect(await lookLater(world)).toBe('version');
    expect(await notices()).toHaveLength(1);
  });

  it('and found in old messages, is told to nobody at all', async () => {
    const world = canvas();
    const sighting = { file: world.told, share: sampleShare('C1', T0), quiet: true };
    await recordShares(catalog, TEAM, [sighting], T0);
    await first(world, { confirm: 'thread', facts: { blank: true } });
    await world.edit('words');
    expect(await lookLater(world)).toBe('version');
    expect(await notices()).toEqual([]);
  });
});

/** A look that dies when its object is in the bucket: nothing is done after that. */
async function killedLook(world: World): Promise<void> {
  const claim = { owner: 'dead', limit: 1, leaseMs: 60_000, now: world.clock };
  const [change] = await claimDueChanges(catalog, claim);
  if (!change) throw new Error('nothing was due');
  const honest = optionsFor(world);
  await new Promise<void>((isDead) => {
    const copy: RecaptureOptions['copy'] = async (...args) => {
      await honest.copy(...args);
      isDead();
      return new Promise(() => {});
    };
    void recapture({ ...honest, copy, owner: 'dead', leaseMs: 1e9 }, change, noSignal);
  });
  world.clock += 120_000;
}

describe('a kill', () => {
  it('after the object was put and before that was written down: it is taken over, and the file looked at again', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    world.clock += QUIET_MS;
    await killedLook(world);
    expect(await objectsOf(world)).toHaveLength(2);
    // Meanwhile nobody reports it as unknown.
    expect(await findings()).toEqual([]);
    // Meanwhile people went on.
    world.content = Buffer.from('third');
    expect(await look(world)).toBe('version');
    expect((await fileById(catalog, world.ref))?.sha256).toBe(hex('second'));
    expect(await look(world)).toBe('version');
    const { file, older } = await expectSound(world);
    expect([file.sha256, older.map(({ sha256 }) => sha256)]).toEqual([
      hex('third'),
      [hex('second'), hex('<p>First</p>')],
    ]);
    expect(await findings()).toEqual([]);
  });

  it('then a rename: what was put is still found', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    world.clock += QUIET_MS;
    await killedLook(world);
    Object.assign(world.told, { name: 'Renamed', title: 'Renamed' });
    expect(await look(world)).toBe('version');
    expect(await look(world)).toBe('same');
    expect((await expectSound(world)).file).toMatchObject({ version: 2, title: 'Renamed' });
  });

  it('then into the trash and out of it: it is taken over all the same', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    world.clock += QUIET_MS;
    await killedLook(world);
    const trash = { ref: world.ref, actorId: 'U1', channelId: 'C1', purgeAt: world.clock + DAY_MS };
    await trashFile(catalog, { ...trash, now: world.clock });
    await restoreFile(catalog, { ref: world.ref, actorId: 'U1', now: world.clock });
    for (let turn = 0; turn < 4 && (await nextChangeDueAt(catalog)) !== null; turn++) await lookLater(world);
    expect((await expectSound(world)).file).toMatchObject({ version: 2, sha256: hex('second') });
  });

  it.each([
    ['small', 'third'],
    ['large', 'third '.repeat(50_000)],
  ])('then into the trash, out of it and another edit (%s): both are versions', async (_, third) => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    world.clock += QUIET_MS;
    await killedLook(world);
    const trash = { ref: world.ref, actorId: 'U1', channelId: 'C1', purgeAt: world.clock + DAY_MS };
    await trashFile(catalog, { ...trash, now: world.clock });
    // Looked at in the trash: no row remembers the dead attempt.
    expect(await lookLater(world)).toBe('gone');
    await restoreFile(catalog, { ref: world.ref, actorId: 'U1', now: world.clock });
    world.content = Buffer.from(third);
    for (let turn = 0; turn < 4 && (await nextChangeDueAt(catalog)) !== null; turn++) await lookLater(world);
    const { file, older } = await expectSound(world);
    expect([file.sha256, ...older.map(({ sha256 }) => sha256)]).toEqual([
      hex(third),
      hex('second'),
      hex('<p>First</p>'),
    ]);
    expect(await findings()).toEqual([]);
  });

  it('with the bytes of the newest already put, and an edit since: that edit is not forgotten', async () => {
    const world = canvas();
    const large = Buffer.alloc(5 * 2 ** 20, 'large ');
    world.content = large;
    await first(world);
    await world.edit(Buffer.alloc(5 * 2 ** 20, 'other '));
    world.clock += QUIET_MS;
    // Changed back between the first reading and the second.
    world.onFetch = () => {
      world.content = large;
    };
    await killedLook(world);
    world.onFetch = () => {};
    world.content = Buffer.from('third');
    for (let turn = 0; turn < 4 && (await nextChangeDueAt(catalog)) !== null; turn++) await lookLater(world);
    expect((await expectSound(world)).file).toMatchObject({ version: 2, sha256: hex('third') });
  });

  it('then a purge: nothing of the file is left', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    expect(await lookLater(world)).toBe('version');
    await world.edit('third');
    world.clock += QUIET_MS;
    await killedLook(world);
    expect(await objectsOf(world)).toHaveLength(3);
    await trashFile(catalog, {
      ref: world.ref,
      actorId: 'U1',
      channelId: 'C1',
      purgeAt: 0,
      now: world.clock,
    });
    await purgeAll(world);
    expect(await objectsOf(world)).toEqual([]);
    expect(await fileById(catalog, world.ref)).toMatchObject({
      state: 'purged',
      olderVersions: 0,
      olderBytes: 0,
    });
    expect(await findings()).toEqual([]);
  });

  it('after it was written down, and before the change was answered, makes no second version', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    expect(await lookLater(world)).toBe('version');
    // As if the change had never been answered.
    await noteChange(catalog, world.ref, world.clock);
    await catalog.db.updateTable('fileChange').set({ attempts: 1, dueAt: 0 }).execute();
    expect(await look(world)).toBe('same');
    expect((await expectSound(world)).file.version).toBe(2);
  });

  it('while the bucket breaks off, leaves nothing behind', async () => {
    const world = canvas();
    await first(world);
    await world.edit(Buffer.alloc(300 * 1024, 'x'));
    store.faults.add({ operation: 'PutObject', times: 1, do: { resetBeforeAnswer: true } });
    for (let turn = 0; turn < 5 && (await nextChangeDueAt(catalog)) !== null; turn++) await lookLater(world);
    const { file } = await expectSound(world);
    expect(file.version).toBe(2);
  });
});

async function purgeAll(world: World): Promise<void> {
  const [file] = await claimPurges(catalog, { owner: 'p', limit: 1, leaseMs: 1_000, now: world.clock });
  if (!file) throw new Error('no purge was due');
  await purge(
    {
      ...{ catalog, owner: 'p', log: quiet, now: () => world.clock },
      remove: (object) => removeFileObject(target.bucket, object),
      mayHaveTexts: async () => false,
      removeTexts: async () => {},
      nextVersionKeys: (one, number) => nextVersionKeys(target.bucket, one, number),
    },
    file,
  );
}

describe('two that look at the same file', () => {
  it('store one version: only who has the row writes it down', async () => {
    const world = canvas();
    await first(world);
    await world.edit('second');
    world.clock += QUIET_MS;
    const claim = { limit: 1, leaseMs: 0, now: world.clock };
    const [slow] = await claimDueChanges(catalog, { ...claim, owner: 'slow' });
    const [quick] = await claimDueChanges(catalog, { ...claim, owner: 'quick' });
    if (!slow || !quick) throw new Error('it was not due twice');
    expect(await recapture({ ...optionsFor(world), owner: 'quick' }, quick, noSignal)).toBe('version');
    expect(await recapture({ ...optionsFor(world), owner: 'slow' }, slow, noSignal)).toBe('same');
    expect((await expectSound(world)).file.version).toBe(2);
    const file = (await fileById(catalog, world.ref)) as FileRow;
    const common = { ref: world.ref, object: {} as never, keep: 'all' as const, confirm: 'off' as const };
    const late = { ...common, change: slow, owner: 'slow', lookedAt: 1, updatedAt: null, now: world.clock };
    expect(await commitVersion(catalog, { ...late, after: 1 })).toBe('moved_on');
    expect(await commitVersion(catalog, { ...late, after: file.version })).toBe('not_ours');
  });
});

describe('all versions', () => {
  async function withThree(): Promise<World> {
    const world = canvas();
    await first(world);
    for (const content of ['second', 'third']) {
      await world.edit(content);
      await lookLater(world);
    }
    return world;
  }

  it('go with their file, and leave no sum behind', async () => {
    const world = await withThree();
    await expectSound(world);
    await trashFile(catalog, {
      ref: world.ref,
      actorId: 'U1',
      channelId: 'C1',
      purgeAt: 0,
      now: world.clock,
    });
    await purgeAll(world);
    expect(await objectsOf(world)).toEqual([]);
    const sums = await catalog.db.selectFrom('breakdown').select(['files', 'bytes']).execute();
    expect(sums.every(({ files, bytes }) => files === 0 && bytes === 0)).toBe(true);
  });

  it('are told by their objects: a catalog rebuilt from them alone has them all', async () => {
    const world = await withThree();
    const before = await expectSound(world);
    const empty = await fresh();
    try {
      const { bucket } = target;
      await rebuild({ catalog: empty, bucket, onProgress: () => {}, now: () => T0 });
      const file = (await fileById(empty, world.ref)) as FileRow;
      const { sha256, objectKey, version, olderVersions: older, olderBytes } = before.file;
      expect(file).toMatchObject({ sha256, objectKey, version, olderVersions: older, olderBytes });
      const rows = await olderVersions(empty, world.ref);
      const facts = (all: typeof rows) =>
        all.map(({ number, sha256, objectKey }) => ({ number, sha256, objectKey }));
      expect(facts(rows)).toEqual(facts(before.older));
    } finally {
      await empty.close();
    }
  });

  it.each(['Untitled', 'a name after the v', 'zebra'])(
    'the same bytes again, later: all come back from their objects (%s)',
    async (name) => {
      const world = canvas({ name });
      world.content = Buffer.from('A');
      await first(world);
      // The eleventh lies before the second in a listing.
      for (const content of ['B', 'A', 'C', 'B', 'A', 'B', 'C', 'D', 'E', 'A', 'B']) {
        await world.edit(content);
        expect(await lookLater(world)).toBe('version');
      }
      const before = await expectSound(world);
      const empty = await fresh();
      try {
        const { bucket } = target;
        await rebuild({ catalog: empty, bucket, onProgress: () => {}, now: () => T0 });
        const { sha256, objectKey, version, olderVersions: older, olderBytes } = before.file;
        const file = await fileById(empty, world.ref);
        expect(file).toMatchObject({ sha256, objectKey, version, olderVersions: older, olderBytes });
        const rows = await olderVersions(empty, world.ref);
        expect(rows.map(({ number, sha256: hash }) => [number, hash])).toEqual(
          before.older.map(({ number, sha256: hash }) => [number, hash]),
        );
      } finally {
        await empty.close();
      }
    },
  );

  it('the newest ones lost, and Slack’s copy gone for a while: later edits get numbers of their own', async () => {
    const world = await withThree();
    const options = { catalog, bucket: target.bucket, now: () => T0 };
    const { older, file } = await expectSound(world);
    for (const key of [older[0]?.objectKey, file.objectKey]) await removeObject(target.bucket, key as string);
    for (const finding of await findings()) await repair(options, finding);
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1_000, now: T0 });
    await skipFile(catalog, { ref: world.ref, owner: 'w', reason: 'not_found', now: T0 });
    expect((await expectSound(world)).file).toMatchObject({ state: 'stored', version: 1 });
    for (const content of ['fourth', 'fifth', 'sixth']) {
      await world.edit(content);
      expect(await lookLater(world)).toBe('version');
      await expectSound(world);
    }
    const rows = await olderVersions(catalog, world.ref);
    expect(new Set(rows.map(({ number }) => number)).size).toBe(3);
    expect(await findings()).toEqual([]);
  });

  it('missing in the bucket: an older one is written down as lost, and never captured again', async () => {
    const world = await withThree();
    const [second] = await olderVersions(catalog, world.ref);
    await removeObject(target.bucket, second?.objectKey as string);
    const found = await findings();
    expect(found).toMatchObject([{ kind: 'missing', version: 2, key: second?.objectKey }]);
    const options = { catalog, bucket: target.bucket, now: () => T0 };
    const repaired = await repair(options, found[0] as Finding);
    expect(repaired).toMatchObject({
      outcome: 'reported',
      note: expect.stringContaining('Slack does not have'),
    });
    const { file, older } = await expectSound(world);
    expect(file).toMatchObject({ state: 'stored', version: 3, olderVersions: 1 });
    expect(older.map(({ number }) => number)).toEqual([1]);
    expect(await findings()).toEqual([]);
  });

  it('damaged in the bucket: an older one is set aside', async () => {
    const world = await withThree();
    const [second] = await olderVersions(catalog, world.ref);
    const key = second?.objectKey as string;
    await removeObject(target.bucket, key);
    const metadata = { team: TEAM, file: world.ref.fileId, version: '2' };
    const body = Buffer.from('secoNd');
    await putObject(target.bucket, { key, body, length: 6, contentType: 'text/html', metadata });
    const [finding] = await findings();
    expect(finding).toMatchObject({ kind: 'wrong_bytes', version: 2 });
    await repair({ catalog, bucket: target.bucket, now: () => T0 }, finding as Finding);
    await expectSound(world);
    expect((await target.keys()).some((one) => one.includes('set-aside') && one.includes('-v2-'))).toBe(true);
  });

  it('are adopted when no row tells of them any more', async () => {
    const world = await withThree();
    const before = await expectSound(world);
    await catalog.db.deleteFrom('fileVersion').where('number', '=', 1).execute();
    await catalog.db.updateTable('file').set({ olderVersions: 1, olderBytes: 6 }).execute();
    const [finding] = await findings();
    expect(finding).toMatchObject({ kind: 'unknown', fileId: world.ref.fileId });
    const options = { catalog, bucket: target.bucket, teamId: TEAM, now: () => T0 };
    expect(await repair(options, finding as Finding)).toMatchObject({ outcome: 'adopted' });
    const rows = await olderVersions(catalog, world.ref);
    expect(rows.map(({ number, sha256 }) => [number, sha256])).toEqual(
      before.older.map(({ number, sha256 }) => [number, sha256]),
    );
  });

  it('the newest lost in the bucket: it comes back under its own number', async () => {
    const world = await withThree();
    const lost = (await fileById(catalog, world.ref)) as FileRow;
    await removeObject(target.bucket, lost.objectKey as string);
    const [finding] = await findings();
    expect(finding).toMatchObject({ kind: 'missing', key: lost.objectKey });
    const options = { catalog, bucket: target.bucket, now: () => T0 };
    expect(await repair(options, finding as Finding)).toMatchObject({ outcome: 'captured_again' });
    await claimDueFiles(catalog, { owner: 'w', limit: 9, leaseMs: 1_000, now: T0 });
    const row = (await fileById(catalog, world.ref)) as FileRow;
    const object = await copyFile({ ...from(), file: row });
    await commitStored(catalog, { ref: world.ref, owner: 'w', object, confirm: 'off', now: T0 });
    expect((await expectSound(world)).file).toMatchObject({ version: 3, objectKey: lost.objectKey });
  });
});
