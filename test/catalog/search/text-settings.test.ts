import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { findFiles } from '../../../src/catalog/search/find.ts';
import type { Pace } from '../../../src/catalog/search/spans.ts';
import { keepsWords, readsContents, TEXT_MODES, type TextMode } from '../../../src/text-modes.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleObject, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const WORDS = ['amber', 'birch', 'cedar'];
const CHANNELS = ['C1', 'C2', 'C3'];
const some = fc.subarray(WORDS);
/** The words of a file: in its name, in its message, of itself, in its newest version, in an older one. */
const file = fc.record({
  ...{ name: some, said: some, own: some, held: some, older: fc.option(some) },
  uploaderId: fc.constantFrom('U1', 'U2'),
  channels: fc.subarray(CHANNELS, { minLength: 1 }),
});
type Sample = typeof file extends fc.Arbitrary<infer T> ? T : never;

const question = fc.record({
  ...{ text: some, notText: some, byDefault: fc.boolean() },
  where: fc.constantFrom('name' as const, 'text' as const, undefined),
  channelIds: fc.subarray(CHANNELS),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

const settings = fc.dictionary(fc.constantFrom(...CHANNELS), fc.constantFrom(...TEXT_MODES));

/** Among few files and among many: the index is asked first, or files are walked through. */
const PACES: Array<Pace | undefined> = [
  undefined,
  { few: 0, step: 1 },
  { few: 3, step: 2, channelSets: 0 },
  { few: 3, step: 2, channelSets: 0, setsOfTexts: 0 },
];

/** Whether somebody with the question's channels finds a file of somebody else. */
function isFound(one: Sample, asked: Question, modes: Record<string, TextMode>): boolean {
  const { text, notText, where, byDefault } = asked;
  const seen = one.channels.filter((id) => asked.channelIds.includes(id));
  const isAny = (is: (mode: TextMode) => boolean) =>
    seen.some((id) => is(modes[id] ?? (byDefault ? 'all' : 'off')));
  const said = isAny(keepsWords) ? [one.said, one.own] : [];
  const held = isAny(readsContents) ? [one.held] : [];
  const older = isAny(readsContents) && one.older !== null ? [one.older] : [];
  const texts = where === 'name' ? [] : [...said, ...held];
  if (seen.length === 0 || notText.some((word) => [one.name, ...texts].flat().includes(word))) return false;
  const places = [...(where === 'text' ? [] : [one.name]), ...texts, ...(where === 'name' ? [] : older)];
  return text.length === 0 || places.some((words) => text.every((word) => words.includes(word)));
}

describe.each(databases)('files by words, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());

  async function store(fileId: string, { name, said, own, older, uploaderId, channels }: Sample, at: number) {
    const facts = own.length === 0 ? {} : { altText: own.join(' ') };
    const told = { name: `${name.join(' ')} ${fileId}`, title: null, facts, uploaderId };
    const message = { said: { author: uploaderId, text: said.join(' '), at } };
    const shares = channels.map((id) => ({
      ...{ ...found(fileId, id, at, told), share: sampleShare(id, at, message) },
    }));
    await recordShares(catalog, TEAM, shares, at);
    await storeFile(catalog, fileId, { now: at });
    if (older === null) return;
    const ref = { teamId: TEAM, fileId };
    await insertVersion(catalog, ref, { number: 1, object: sampleObject(`${fileId}-1`), storedAt: T0 });
    const set = { version: 2, olderVersions: 1 };
    await catalog.db.updateTable('file').set(set).where('fileId', '=', fileId).execute();
  }

  async function readAll(files: readonly Sample[]) {
    for (const row of await claimReadings(catalog, { owner: 'a', limit: 99, leaseMs: 60_000, now: T0 })) {
      const { held, older } = files[Number(row.fileId.slice(1))] as Sample;
      const versions = (await everyVersion(catalog, row)).map(({ id }) => [id, new Set(older)] as const);
      const done = { words: new Set(held), older: new Map(versions), state: 'read', reason: null } as const;
      await readingDone(catalog, row, 'a', done);
    }
  }

  test('whatever the channels’ settings, of somebody else’s files a person finds exactly those whose words they may know', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 3, maxLength: 8 }),
        settings,
        fc.array(question, { minLength: 4, maxLength: 6 }),
        async (files, modes, questions) => {
          await empty(catalog);
          while (await startReading(catalog));
          for (const [place, one] of files.entries()) await store(`F${place}`, one, T0 + (place % 4));
          await readAll(files);
          for (const [channelId, text] of Object.entries(modes)) {
            const own = { ...NO_OVERRIDES, text };
            await saveOverrides(catalog, { teamId: TEAM, channelId, own, actorId: 'U9', now: T0 });
          }
          for (const asked of questions) {
            const { text, notText, where, byDefault, channelIds } = asked;
            // They have uploads in channels that they do not see, too.
            const viewer = { teamId: TEAM, channelIds, ownUserId: 'U1' };
            const filter = { text: text.join(' '), notText, ...(where && { where }) };
            const expected = files.flatMap((one, place) =>
              one.uploaderId !== 'U1' && isFound(one, asked, modes) ? [`F${place}`] : [],
            );
            for (const pace of PACES) {
              const o = { viewer, filter, limit: 50, contents: byDefault, said: byDefault };
              const page = await findFiles(catalog, { ...o, ...(pace && { pace }) });
              const others = page.files.filter(({ uploaderId }) => uploaderId !== 'U1');
              expect(others.map(({ fileId }) => fileId).sort()).toEqual(expected);
            }
          }
        },
      ),
      { numRuns: runs(40) },
    );
  });
});
