import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { claimDueFiles, commitStored, skipFile } from '../../../src/catalog/files/capture.ts';
import { fileById, partsOf, sharesOf } from '../../../src/catalog/files/lookup.ts';
import { mergeFacts } from '../../../src/catalog/files/merge-facts.ts';
import { recordParts } from '../../../src/catalog/files/parts.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { markDeletedInSlack } from '../../../src/catalog/files/slack-deletion.ts';
import { recogniseNames } from '../../../src/catalog/migrations/frozen/names.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleFile, sampleObject, sampleShare, T0, TEAM } from '../samples.ts';

const MAIL = { teamId: TEAM, fileId: 'F1' };
const PART = { teamId: TEAM, fileId: 'F1-0A1B2C3D' };

describe.each(databases)('what was attached to an e-mail, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const part = { file: sampleFile(PART.fileId, { parentId: 'F1' }) };

  test('is in every place where the mail is, after it, and as quiet; repeats change nothing', async () => {
    const mail = { file: sampleFile('F1'), quiet: true };
    await recordShares(catalog, TEAM, [{ ...mail, share: sampleShare('C1', T0, { position: 2 }) }], T0);
    await recordShares(catalog, TEAM, [{ ...mail, share: sampleShare('C2', T0 + 1) }], T0);
    await recordParts(catalog, MAIL, [part], T0);
    await recordParts(catalog, MAIL, [part], T0);
    expect(await partsOf(catalog, MAIL)).toEqual([PART.fileId]);
    expect((await sharesOf(catalog, PART)).map(({ channelId, ts }) => [channelId, ts])).toEqual(
      (await sharesOf(catalog, MAIL)).map(({ channelId, ts }) => [channelId, ts]),
    );
    const { rows } = await sql<{ position: number }>`select position from share where file_id = ${PART.fileId}
      order by position`.execute(catalog.db);
    expect(rows.map(({ position }) => Number(position))).toEqual([1, 3]);
    const file = await catalog.db
      .selectFrom('file')
      .select('quiet')
      .where('fileId', '=', PART.fileId)
      .execute();
    expect(file).toEqual([{ quiet: 1 }]);
  });

  test('of an unknown mail is not recorded, and goes with a mail that Slack deleted before', async () => {
    await recordParts(catalog, MAIL, [part], T0);
    expect(await fileById(catalog, PART)).toBeUndefined();
    await markDeletedInSlack(catalog, TEAM, 'F1', T0 + 5);
    await recordShares(catalog, TEAM, [{ ...part, share: sampleShare('C1', T0) }], T0);
    expect((await fileById(catalog, PART))?.slackDeletedAt).toBe(T0 + 5);
  });

  test('without an address comes back as soon as Slack names one', async () => {
    const nowhere = { ...part.file, url: null, complete: false };
    const share = sampleShare('C1', T0);
    await recordShares(catalog, TEAM, [{ file: nowhere, share, skip: 'no_content' }], T0);
    expect(await fileById(catalog, PART)).toMatchObject({ state: 'skipped', reason: 'no_content' });
    await recordShares(catalog, TEAM, [{ file: part.file, share }], T0);
    expect(await fileById(catalog, PART)).toMatchObject({ state: 'pending' });
  });

  test('a refusal keeps its code', async () => {
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0)], T0);
    await claimDueFiles(catalog, { owner: 'me', limit: 1, leaseMs: 1_000, now: T0 });
    await skipFile(catalog, {
      ref: MAIL,
      owner: 'me',
      reason: 'access_denied',
      code: 'refused_to_bots',
      now: T0,
    });
    expect(await fileById(catalog, MAIL)).toMatchObject({ state: 'skipped', errorCode: 'refused_to_bots' });
  });

  test('a file without a type gets the one that its bytes tell, and is listed by it', async () => {
    await recordShares(
      catalog,
      TEAM,
      [found('F1', 'C1', T0, { name: 'scan', mimetype: null, filetype: null })],
      T0,
    );
    await claimDueFiles(catalog, { owner: 'me', limit: 1, leaseMs: 1_000, now: T0 });
    const object = { ...sampleObject('F1'), type: 'application/pdf', filetype: 'pdf' };
    await commitStored(catalog, { ref: MAIL, owner: 'me', object, confirm: 'off', now: T0 });
    expect(await fileById(catalog, MAIL)).toMatchObject({
      mimetype: 'application/pdf',
      filetype: 'pdf',
      storedType: 'application/pdf',
    });
    const viewer = { teamId: TEAM, channelIds: ['C1'] };
    const page = await findFiles(catalog, { viewer, filter: { types: ['pdf'] }, limit: 5 });
    expect(page.files.map(({ fileId }) => fileId)).toEqual(['F1']);
  });

  test('names that an earlier version wrote down become those that people know', async () => {
    const named = (fileId: string, mode: string, name: string | null, title: string | null) =>
      found(fileId, 'C1', T0, { mode, name, title });
    const before = [
      named('F1', 'quip', '-', ':tada: R&amp;D'),
      named('F2', 'hosted', '-', ':tada: R&amp;D'),
      named('F3', 'snippet', '-', null),
    ];
    await recordShares(catalog, TEAM, before, T0);
    await recogniseNames(catalog.db as never);
    await recogniseNames(catalog.db as never);
    const names = await Promise.all(
      ['F1', 'F2', 'F3'].map((fileId) => fileById(catalog, { teamId: TEAM, fileId })),
    );
    expect(names.map((file) => file?.name)).toEqual(['🎉 R&D', '-', 'Snippet.pdf']);
  });
});

describe('facts, in whatever order they are told', () => {
  test.each([
    [[{ transcript: 'Hello' }, { transcript: 'Hello all' }], { transcript: 'Hello all' }],
    [[{ transcript: 'Hello all' }, { transcript: 'Hello' }, {}], { transcript: 'Hello all' }],
    [[{ attachmentsMissing: 2 }, { attachmentsMissing: 0 }], { attachmentsMissing: 0 }],
    [[{ attachmentsMissing: 0 }, { attachmentsMissing: 2 }], { attachmentsMissing: 0 }],
    [[{ transcode: true }, { blank: true }, { blank: false }], { transcode: true, blank: false }],
  ])('%j', (told, facts) => {
    expect(JSON.parse(told.reduce<string>((known, one) => mergeFacts(known, one), '{}'))).toEqual(facts);
  });
});
