import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { indexDueSaid } from '../../../src/catalog/files/said-due.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { trashFile } from '../../../src/catalog/files/trash.ts';
import { everyVersion, insertVersion } from '../../../src/catalog/files/versions.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import type { ListCursor, ListFilter } from '../../../src/catalog/model.ts';
import { mergeSegments } from '../../../src/catalog/postings/merge.ts';
import type { IndexedText } from '../../../src/catalog/reading/index-words.ts';
import { claimReadings, forgetReading, readingDone } from '../../../src/catalog/reading/rows.ts';
import { startReading } from '../../../src/catalog/reading/start.ts';
import { wantedOf } from '../../../src/catalog/reading/wanted.ts';
import { Budget } from '../../../src/catalog/search/budget.ts';
import { type FoundPage, findFiles, type Together } from '../../../src/catalog/search/find.ts';
import { gather } from '../../../src/catalog/search/gather.ts';
import type { Pace } from '../../../src/catalog/search/spans.ts';
import { indexedText } from '../../../src/contents/words-of.ts';
import { RANK, RANKS } from '../../../src/text/match-rank.ts';
import { keepsWords, readsContents, TEXT_MODES, type TextMode } from '../../../src/text-modes.ts';
import { runs } from '../../runs.ts';
import { databases, empty } from '../databases.ts';
import { sampleFile, sampleObject, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

/** Far from one another, so that none is taken for another, mistyped. */
const WORDS = ['budget', 'mermaid', 'zoo'];
/** A walk takes several steps between two moments. */
const STEP = 3 * 3_600_000;
const CHANNELS = ['C1', 'C2', 'C3'];
const USERS = ['U1', 'U2'];

interface Share {
  channelId: string;
  at: number;
  said: string;
}

/** A file as anybody would know it. */
interface Plain {
  fileId: string;
  name: string;
  uploaderId: string;
  text: string;
  /** Of the version before. */
  older: string | null;
  shares: Share[];
  isTrashed: boolean;
}

interface Question {
  words: string[];
  /** They stand in quotes, together. */
  isQuoted: boolean;
  not: string[];
  where: 'text' | undefined;
  userId: string | undefined;
  before: number | undefined;
}

interface Row {
  fileId: string;
  channelId: string;
  rank: number;
  at: number;
}

const each = fc.constantFrom(...WORDS);
const words = (maxLength: number) => fc.array(fc.constantFrom(...WORDS), { maxLength });
const text = (maxLength: number) => words(maxLength).map((some) => some.join(' '));
const share: fc.Arbitrary<Share> = fc.record({
  channelId: fc.constantFrom(...CHANNELS),
  at: fc.nat({ max: 6 }).map((moment) => moment * STEP),
  said: text(3),
});
const samples = fc.array(
  fc.record({
    name: fc.tuple(text(2), fc.boolean()).map(([some, isBare]) => (isBare && some ? some : `x ${some}`)),
    uploaderId: fc.constantFrom(...USERS),
    text: text(3),
    older: fc.option(text(3)),
    shares: fc.uniqueArray(share, { minLength: 1, maxLength: 3, selector: ({ channelId }) => channelId }),
  }),
  { minLength: 6, maxLength: 24 },
);
const question: fc.Arbitrary<Question> = fc.record({
  words: fc.oneof(
    { weight: 4, arbitrary: fc.uniqueArray(each, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant<string[]>([]) },
  ),
  isQuoted: fc.boolean(),
  not: fc.oneof(fc.constant<string[]>([]), fc.uniqueArray(each, { minLength: 1, maxLength: 2 })),
  where: fc.constantFrom(undefined, 'text' as const),
  userId: fc.constantFrom(undefined, undefined, undefined, undefined, ...USERS),
  before: fc.constantFrom(undefined, undefined, undefined, T0 + 3 * STEP),
});
const viewer = fc.record({
  channelIds: fc.oneof(fc.constant(CHANNELS), fc.subarray(CHANNELS)),
  ownUserId: fc.constantFrom('U1', 'U9'),
});
type Viewer = typeof viewer extends fc.Arbitrary<infer T> ? T : never;

/** As among many: candidates are checked at once, or in order, or a walk is gone; it passes over what is not among few, or does not. */
const pace: fc.Arbitrary<Pace | undefined> = fc.option(
  fc.record(
    {
      few: fc.constantFrom(0, 1, 8, 20),
      step: fc.constantFrom(1, 3, 20),
      channelSets: fc.constantFrom(0, 500),
      setsOfTexts: fc.constantFrom(0, 500),
      far: fc.constantFrom({ entries: 0, part: 1 }),
    },
    { requiredKeys: ['few', 'step'] },
  ),
  { nil: undefined },
);
const change = fc.oneof(
  fc.record({ file: fc.nat({ max: 15 }), shared: share }),
  fc.record({ file: fc.nat({ max: 15 }), trashed: fc.constant(true) }),
  fc.record({ moved: fc.constantFrom(...CHANNELS), to: fc.constantFrom(...CHANNELS) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** What is searched in the last of the channels, if that has a setting of its own. */
const own = fc.constantFrom(undefined, ...TEXT_MODES);
const OTHER = 'C3';

const hasAll = (text: string, some: readonly string[]) => some.every((word) => text.includes(word));

/** In the order in which they are shown. */
function plainly(
  files: readonly Plain[],
  asked: Question,
  { channelIds, ownUserId }: Viewer,
  own: TextMode | undefined,
): Row[] {
  const { words, isQuoted, not, where, userId, before } = asked;
  const phrase = words.join(' ');
  const isIn = (text: string) => (isQuoted ? text.includes(phrase) : hasAll(text, words));
  const isSearched = ({ channelId }: Share, mode: (own: TextMode) => boolean) =>
    channelId !== OTHER || own === undefined || mode(own);
  const sees = ({ channelId }: Share) => channelIds.includes(channelId);
  return files
    .flatMap(({ fileId, name, uploaderId, text, older, shares, isTrashed }) => {
      const seen = shares.filter(sees);
      const said = seen.filter((one) => isSearched(one, keepsWords)).map((one) => one.said);
      const places = seen.length === 0 && uploaderId === ownUserId ? shares : seen;
      const isRead = places.some((one) => isSearched(one, readsContents));
      if (userId !== undefined && userId !== uploaderId) return [];
      const place = places
        .filter(({ at }) => before === undefined || T0 + at < before)
        .toSorted((a, b) => b.at - a.at || (a.channelId < b.channelId ? 1 : -1))[0];
      if (isTrashed || place === undefined) return [];
      const isLeftOut = (word: string) =>
        name.includes(word) ||
        (isRead && text.includes(word)) ||
        said.some((message) => message.includes(word));
      if (not.some(isLeftOut)) return [];
      const named = name.replace(/^x /, '').split(' ');
      const either = (text: string) =>
        isQuoted || where === 'text'
          ? isIn(text)
          : words.every((word) => text.includes(word) || named.includes(word)) &&
            words.some((word) => text.includes(word));
      const rank = () => {
        if (words.length === 0) return RANK.exact;
        if (where !== 'text' && isIn(name)) {
          if (name === phrase) return RANK.exact;
          return name.startsWith(phrase) ? RANK.beginning : RANK.containing;
        }
        if (said.some(either)) return RANK.said;
        return isRead && (either(text) || either(older ?? '')) ? RANK.contents : undefined;
      };
      const found = rank();
      return found === undefined
        ? []
        : [{ fileId, channelId: place.channelId, rank: found, at: T0 + place.at }];
    })
    .sort(inOrder);
}

/**
 * Whether somebody sees an upload of theirs only where it is not read, and it is read where they do not look. Then it is found by its text
 * if they had another one there alone.
 */
const isEither = (
  files: readonly Plain[],
  { channelIds, ownUserId }: Viewer,
  own: TextMode | undefined,
): boolean =>
  own !== undefined &&
  !readsContents(own) &&
  channelIds.includes(OTHER) &&
  files.some(({ uploaderId, shares }) => {
    const seen = shares.filter(({ channelId }) => channelIds.includes(channelId));
    const isThere = seen.length > 0 && seen.every(({ channelId }) => channelId === OTHER);
    return uploaderId === ownUserId && isThere && shares.length > 1;
  });

const inOrder = (a: Row, b: Row) =>
  RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank) || b.at - a.at || (a.fileId < b.fileId ? 1 : -1);

const rowsOf = ({ files }: Pick<FoundPage, 'files'>): Row[] =>
  files.map(({ fileId, listedChannelId, rank, listedAt }) => ({
    fileId,
    channelId: listedChannelId,
    rank,
    at: listedAt,
  }));

/** The page that a plain list has at a place. */
function pageOf(all: Row[], limit: number, cursor: ListCursor | null) {
  const first = { rows: all.slice(0, limit), newer: false, older: all.length > limit };
  if (cursor === null) return first;
  const at = { rank: cursor.rank ?? 0, at: cursor.sharedAt, fileId: cursor.fileId, channelId: '' };
  const isBehind = (row: Row) => row.fileId !== at.fileId && inOrder(at, row) < 0;
  const isSame = (row: Row) => row.fileId === at.fileId && row.at === at.at && row.rank === at.rank;
  if (cursor.direction === 'older') {
    const before = all.filter((row) => !isBehind(row));
    const behind = all.filter((row) => isBehind(row) && !isSame(row));
    if (behind.length === 0) return first;
    return { rows: behind.slice(0, limit), newer: before.length > 0, older: behind.length > limit };
  }
  const before = all.filter((row) => !isBehind(row) && !isSame(row));
  if (before.length <= limit) return first;
  return { rows: before.slice(-limit), newer: true, older: all.length > before.length };
}

describe.each(databases)('files by names, texts and what was said, on $name', ({ fresh }) => {
  let catalog: Catalog;
  let plain: Plain[] = [];
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterAll(() => catalog?.close());

  async function fill(given: ReadonlyArray<Omit<Plain, 'fileId' | 'isTrashed'>>, text?: TextMode) {
    await empty(catalog);
    await startReading(catalog);
    const own = { ...NO_OVERRIDES, text };
    if (text) await saveOverrides(catalog, { teamId: TEAM, channelId: OTHER, own, actorId: 'U9', now: T0 });
    plain = given.map((one, at) => ({ ...one, fileId: `F${10 + at}`, isTrashed: false }));
    for (const file of plain) {
      for (const one of file.shares) await shared(file, one);
      await storeFile(catalog, file.fileId);
      if (file.older !== null) {
        const object = sampleObject(`${file.fileId}-1`);
        await insertVersion(catalog, refOf(file), { number: 1, object, storedAt: T0 });
        const versions = { version: 2, olderVersions: 1 };
        await catalog.db.updateTable('file').set(versions).where('fileId', '=', file.fileId).execute();
      }
      // The other workspace has the same files, in channels of the same name.
      const [first] = file.shares;
      if (first) await shared({ ...file, fileId: `G${file.fileId}` }, first, 'T2');
    }
    await readAll();
    await mergeSegments(catalog, { now: () => T0 });
  }
  async function shared({ fileId, name, uploaderId }: Plain, { channelId, at, said }: Share, teamId = TEAM) {
    const file = sampleFile(fileId, { teamId, name, title: null, uploaderId });
    const share = sampleShare(channelId, T0 + at, {
      userId: uploaderId,
      said: { author: uploaderId, text: said, at: T0 + at },
    });
    await recordShares(catalog, teamId, [{ file, share }], T0);
  }
  const refOf = ({ fileId }: Plain) => ({ teamId: TEAM, fileId });
  async function readAll() {
    while (await indexDueSaid(catalog));
    for (;;) {
      const rows = await claimReadings(catalog, { owner: 'a', limit: 99, leaseMs: 60_000, now: T0 });
      if (rows.length === 0) return;
      for (const row of rows) {
        const file = plain.find(({ fileId }) => fileId === row.fileId);
        if (file === undefined || file.isTrashed || (await wantedOf(catalog, row, true)) === 'no') {
          await forgetReading(catalog, row, 'a', true);
          continue;
        }
        const indexed = await indexedText([{ page: 1, text: file.text }]);
        const older = new Map<number, IndexedText>();
        for (const { id } of await everyVersion(catalog, row))
          older.set(id, await indexedText([{ page: 1, text: file.older ?? '' }]));
        await readingDone(catalog, row, 'a', { ...indexed, older, state: 'read', reason: null });
      }
    }
  }
  async function apply(one: Change, text: TextMode | undefined) {
    if ('moved' in one) {
      if (one.moved === one.to) return;
      // What was said there may not be kept.
      if (text !== undefined && [one.moved, one.to].includes(OTHER)) return;
      await moveChannel(catalog, TEAM, one.moved, one.to);
      for (const file of plain) {
        const there = file.shares.find(({ channelId }) => channelId === one.to);
        const moved = file.shares.find(({ channelId }) => channelId === one.moved);
        if (!moved) continue;
        if (there) return 'unknown';
        moved.channelId = one.to;
      }
      await readAll();
      return;
    }
    const file = plain[one.file % plain.length];
    if (file === undefined || file.isTrashed) return;
    if ('trashed' in one) {
      await trashFile(catalog, { ref: refOf(file), actorId: 'U1', channelId: 'C1', purgeAt: T0, now: T0 });
      file.isTrashed = true;
    } else if (file.shares.every(({ channelId }) => channelId !== one.shared.channelId)) {
      await shared(file, one.shared);
      file.shares.push(one.shared);
      await readAll();
    }
    return;
  }

  const asksFor = ({ words, isQuoted, not, where, userId, before }: Question): ListFilter => ({
    text: words.join(' '),
    ...(isQuoted && words.length > 0 && { phrases: [words.join(' ')] }),
    ...(not.length > 0 && { notText: not }),
    ...(where && { where }),
    ...(userId && { userId }),
    ...(before !== undefined && { before }),
  });
  const togetherOf = ({ words, isQuoted }: Question): Together | undefined =>
    isQuoted && words.length > 0
      ? async (files) => {
          const is = ({ fileId }: { fileId: string }) =>
            plain.some(
              (one) => one.fileId === fileId && `${one.text} ,${one.older}`.includes(words.join(' ')),
            );
          return { are: new Set(files.filter(is).map(({ fileId }) => fileId)), isWhole: true };
        }
      : undefined;

  const optionsOf = (asked: Question, sees: Viewer) => ({
    ...{ viewer: { teamId: TEAM, ...sees }, filter: asksFor(asked) },
    ...{ contents: true, said: true, together: togetherOf(asked) },
  });

  it('are those of a plain list, page by page, whatever happens between two pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        samples,
        question,
        viewer,
        fc.integer({ min: 1, max: 4 }),
        pace,
        own,
        fc.array(fc.tuple(fc.boolean(), fc.option(change, { nil: undefined, freq: 2 })), { maxLength: 12 }),
        async (given, asked, sees, limit, pace, own, steps) => {
          await fill(given, own);
          const o = { ...optionsOf(asked, sees), limit, pace, budget: new Budget(60_000) };
          let cursor: ListCursor | null = null;
          for (const [isBack, then] of [[false, undefined], ...steps] as typeof steps) {
            if (isEither(plain, sees, own)) return;
            const page: FoundPage = await findFiles(catalog, { ...o, ...(cursor && { cursor }) });
            const all = plainly(plain, asked, sees, own);
            const expected = pageOf(all, limit, cursor);
            const { newer, older } = page;
            expect({ rows: rowsOf(page), newer: newer !== null, older: older !== null }).toEqual(expected);
            const whole = await gather(catalog, o);
            expect(rowsOf(whole as unknown as FoundPage)).toEqual(all);
            cursor = (isBack ? (newer ?? older) : (older ?? newer)) as ListCursor | null;
            if (then && (await apply(then, own)) === 'unknown') return;
          }
        },
      ),
      { numRuns: runs(40) },
    );
  }, 300_000);

  it('are the first of them where the time is up, and it is said', async () => {
    await fc.assert(
      fc.asyncProperty(
        samples,
        question,
        viewer,
        fc.integer({ min: 1, max: 4 }),
        pace,
        own,
        fc.boolean(),
        fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 3, max: 9 })),
        async (given, asked, sees, limit, pace, own, isBack, [first, more]) => {
          await fill(given, own);
          if (isEither(plain, sees, own)) return;
          const o = { ...optionsOf(asked, sees), limit, pace };
          const all = plainly(plain, asked, sees, own);
          const last = all.at(-1);
          const cursor: ListCursor | null =
            isBack && last
              ? { direction: 'newer', sharedAt: last.at, fileId: last.fileId, rank: last.rank }
              : null;
          const expected = pageOf(all, limit, cursor);
          let whole = 0;
          for (let looks = first; whole < 2; looks += more) {
            let looked = -1;
            const budget = new Budget(60_000, () => (looked++ < looks ? 0 : 60_001));
            const page = await findFiles(catalog, { ...o, budget, ...(cursor && { cursor }) });
            const rows = rowsOf(page);
            if (!page.stopped) {
              whole += 1;
              expect(rows).toEqual(expected.rows);
            } else if (rows.length > 0 && isBack) {
              // Nothing is left out between them and where they begin.
              const before = cursor ? all.slice(0, -1) : all;
              const isFirst = JSON.stringify(rows) === JSON.stringify(all.slice(0, rows.length));
              if (!isFirst) expect(rows).toEqual(before.slice(-rows.length));
            } else if (!isBack) expect(rows).toEqual(expected.rows.slice(0, rows.length));
            expect(looks).toBeLessThan(3_000);
          }
        },
      ),
      { numRuns: runs(20) },
    );
  }, 300_000);
});
