import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import { claimReadings, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { type FoundPage, findFiles } from '../../../src/catalog/search/find.ts';
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
  ...{ text: some, byDefault: fc.boolean() },
  /** Of several words, which stand in quotes. */
  notText: fc.array(fc.subarray(WORDS, { minLength: 1 }), { maxLength: 2 }),
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

/** The channels without anything that the person sees, where they see their own uploads. */
function hiddenFrom(files: readonly Sample[], channelIds: readonly string[]): string[] {
  const isOwn = ({ uploaderId, channels }: Sample) =>
    uploaderId === 'U1' && !channels.some((id) => channelIds.includes(id));
  return files.filter(isOwn).flatMap(({ channels }) => channels);
}

/** These, with any of the others. */
const withSomeOf = (these: string[], others: string[]): string[][] =>
  others.reduce((all, id) => all.flatMap((some) => [some, [...some, id]]), [these]);

/** Whether U1, who sees the question's channels, finds a file. */
function isFound(one: Sample, asked: Question, hidden: string[], modes: Record<string, TextMode>): boolean {
  const { text, notText, where, byDefault } = asked;
  const seen = one.channels.filter((id) => asked.channelIds.includes(id));
  const own = one.uploaderId === 'U1' ? one.channels.filter((id) => hidden.includes(id)) : [];
  const modeOf = (id: string) => modes[id] ?? (byDefault ? 'all' : 'off');
  const isAny = (ids: string[], is: (mode: TextMode) => boolean) => ids.some((id) => is(modeOf(id)));
  const open = [...seen, ...own];
  // Messages are for those who see the channel.
  const said = [
    ...(isAny(seen, keepsWords) ? [one.said] : []),
    ...(isAny(open, keepsWords) ? [one.own] : []),
  ];
  const isRead = isAny(open, readsContents);
  const held = isRead ? [one.held] : [];
  const older = isRead && one.older !== null ? [one.older] : [];
  if (open.length === 0) return false;
  const hasAll = (words: string[], all: string[]) => all.every((word) => words.includes(word));
  const inRow = (words: string[], all: string[]) => ` ${words.join(' ')} `.includes(` ${all.join(' ')} `);
  const has = (all: string[]) =>
    inRow(one.name, all) ||
    (where !== 'name' &&
      (said.some((words) => inRow(words, all)) || held.some((words) => hasAll(words, all))));
  if (notText.some(has)) return false;
  const texts = where === 'name' ? [] : [...said, ...held, ...older];
  // The words of a text and of the name count together, where one of them at least is in the text, and names count.
  const hasWithName = (words: string[]) =>
    text.some((word) => words.includes(word)) &&
    hasAll([...words, ...(where === 'text' ? [] : one.name)], text);
  return text.length === 0 || (where !== 'text' && hasAll(one.name, text)) || texts.some(hasWithName);
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
      const versions = (await everyVersion(catalog, row)).map(
        ({ id }) => [id, { words: new Set(older) }] as const,
      );
      const done = { words: new Set(held), older: new Map(versions), state: 'read', reason: null } as const;
      await readingDone(catalog, row, 'a', done);
    }
  }

  test('whatever the channels’ settings, a person finds exactly the files whose words they may know', async () => {
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
            const not = notText.map((words) => words.join(' '));
            const filter = { text: text.join(' '), notText: not, ...(where && { where }) };
            const hidden = hiddenFrom(files, channelIds);
            const elsewhere = CHANNELS.filter((id) => !channelIds.includes(id));
            // Whether a channel counts for an upload that others show them, too, depends on what else they had there.
            // A word to be left out may stand in one of them alone, so any of them may count without the others.
            const mayCount = withSomeOf(
              hidden,
              elsewhere.filter((id) => !hidden.includes(id)),
            );
            const isDoubtful = (one: Sample) =>
              mayCount.some(
                (some) => isFound(one, asked, hidden, modes) !== isFound(one, asked, some, modes),
              );
            const ids = (is: (one: Sample) => boolean) =>
              files.flatMap((one, place) => (is(one) ? [`F${place}`] : []));
            const expected = ids((one) => isFound(one, asked, hidden, modes) && !isDoubtful(one));
            const doubtful = new Set(ids(isDoubtful));
            const idsOf = ({ files }: FoundPage) => files.map(({ fileId }) => fileId);
            for (const pace of PACES) {
              const o = { viewer, filter, contents: byDefault, said: byDefault, ...(pace && { pace }) };
              const all = idsOf(await findFiles(catalog, { ...o, limit: 50 }));
              expect(all.filter((id) => !doubtful.has(id)).sort()).toEqual(expected);
              if (pace !== PACES[1]) continue;
              const first = await findFiles(catalog, { ...o, limit: 2 });
              const second =
                first.older && (await findFiles(catalog, { ...o, limit: 2, cursor: first.older }));
              expect([...idsOf(first), ...(second ? idsOf(second) : [])]).toEqual(all.slice(0, 4));
            }
          }
        },
      ),
      { numRuns: runs(40) },
    );
  });
});
