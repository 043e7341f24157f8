import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Catalog } from '../../../src/catalog/db/open.ts';
import { channelsOfFile, sharesOf } from '../../../src/catalog/files/lookup.ts';
import { moveChannel } from '../../../src/catalog/files/move-channel.ts';
import { closeFile, openedTo, openFile } from '../../../src/catalog/files/open-to.ts';
import { recordParts } from '../../../src/catalog/files/parts.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { removeShare, unshareFile } from '../../../src/catalog/files/unshare.ts';
import type { Share } from '../../../src/catalog/model.ts';
import { databases, empty } from '../databases.ts';
import { found, sampleFile, sampleShare, storeFile, T0, TEAM } from '../samples.ts';

const F1 = { teamId: TEAM, fileId: 'F1' };
const MAIL = { teamId: TEAM, fileId: 'F2' };
const PART = { teamId: TEAM, fileId: 'F2-0000000A' };
const MINUTE = 60_000;
const CARD = '1764400000.000100';
/** A channel, by the bot's card. */
const IN = (channelId: string) => ({ channelId, kind: 'public' as const, ts: CARD });
const TO_BEN = { channelId: 'U2', kind: 'im' as const, ts: null };

describe.each(databases)('shares made in the vault, on $name', ({ fresh }) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const slackShares = (channelId: string, at: number, more: Partial<Share> = {}) =>
    recordShares(catalog, TEAM, [{ file: sampleFile('F1'), share: sampleShare(channelId, at, more) }], at);
  const open = (to: ReturnType<typeof IN> | typeof TO_BEN, now: number, ref = F1) =>
    openFile(catalog, { ...ref, to, actorId: 'U1', now });
  const close = (to: ReturnType<typeof IN> | typeof TO_BEN, now: number, ref = F1) =>
    closeFile(catalog, { ...ref, to, actorId: 'U1', now });
  const leaves = (channelId: string, now: number) => unshareFile(catalog, { ...F1, channelId }, now);
  const openTo = (ref = F1) => channelsOfFile(catalog, ref);

  /** Stored, and shared in C1 long ago. */
  const begin = async () => {
    await slackShares('C1', T0);
    await storeFile(catalog, 'F1');
  };
  /** As by an upload to the channel, or by `file_shared`: the message is not known. */
  const inC2 = (at: number) => slackShares('C2', at, { ts: null });

  test('that Slack says the file left the channel ends only what Slack showed there', async () => {
    await begin();
    await slackShares('C2', T0 + MINUTE);
    await open(IN('C2'), T0 + 2 * MINUTE);
    await leaves('C2', T0 + 3 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C2']);
    await close(IN('C2'), T0 + 4 * MINUTE);
    expect(await openTo()).toEqual(['C1']); // Slack's own share was over
  });

  test('the only share of a channel is not ended by it either', async () => {
    await begin();
    await open(IN('C2'), T0 + MINUTE);
    await leaves('C2', T0 + 2 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C2']);
  });

  test.each([
    ['taken back', (at: number) => close(IN('C2'), at)],
    ['its card deleted', (at: number) => removeShare(catalog, TEAM, { channelId: 'C2', ts: CARD }, at)],
  ])('%s at about the same moment, it does not explain why the file left the channel', async (_, end) => {
    await begin();
    await slackShares('C2', T0 + MINUTE);
    await open(IN('C2'), T0 + 2 * MINUTE);
    await end(T0 + 3 * MINUTE);
    await leaves('C2', T0 + 3 * MINUTE + 1_000);
    expect(await openTo()).toEqual(['C1']);
  });

  test('it stands beside what is there without a known message, before and after', async () => {
    await begin();
    await inC2(T0 + MINUTE);
    await open(IN('C2'), T0 + 2 * MINUTE);
    await close(IN('C2'), T0 + 3 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C2']);
    await slackShares('C3', T0 + 4 * MINUTE, { ts: null });
    await open(IN('C3'), T0 + 5 * MINUTE);
    await slackShares('C3', T0 + 6 * MINUTE, { ts: null });
    await leaves('C3', T0 + 7 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C2', 'C3']);
    await close(IN('C3'), T0 + 8 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C2']);
  });

  test('a share of Slack of which only `file_shared` tells counts beside an open card', async () => {
    await begin();
    await open(IN('C2'), T0 + MINUTE);
    await inC2(T0 + 2 * MINUTE);
    await close(IN('C2'), T0 + 3 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C2']);
  });

  test('a message of Slack, and its end, leave it alone', async () => {
    await begin();
    await open(IN('C2'), T0 + MINUTE);
    await slackShares('C2', T0 + 2 * MINUTE);
    await removeShare(
      catalog,
      TEAM,
      { channelId: 'C2', ts: sampleShare('C2', T0 + 2 * MINUTE).ts as string },
      T0 + 3 * MINUTE,
    );
    // One of which the vault hears only now that it is gone.
    await removeShare(catalog, TEAM, { ...F1, channelId: 'C2', ts: '1764400001.000100' }, T0 + 3 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C2']);
    expect((await openedTo(catalog, F1)).map(({ channelId }) => channelId)).toEqual(['C2']);
  });

  test('when a channel gets a new id, neither takes the other along', async () => {
    await begin();
    await inC2(T0 + MINUTE);
    await open(IN('C9'), T0 + 2 * MINUTE);
    await moveChannel(catalog, TEAM, 'C2', 'C9');
    await close(IN('C9'), T0 + 3 * MINUTE);
    expect(await openTo()).toEqual(['C1', 'C9']);
  });

  describe('of an e-mail', () => {
    const part = () => [{ file: sampleFile(PART.fileId, { parentId: MAIL.fileId }) }];
    beforeEach(async () => {
      const mail = found('F2', 'C1', T0);
      await recordShares(catalog, TEAM, [{ ...mail, file: { ...mail.file, filetype: 'email' } }], T0);
      await recordParts(catalog, MAIL, part(), T0);
      await storeFile(catalog, 'F2');
      await storeFile(catalog, PART.fileId);
    });

    test('opens and closes its attachments, also one that comes later', async () => {
      await open(IN('C2'), T0 + MINUTE, MAIL);
      expect(await openTo(PART)).toEqual(['C1', 'C2']);
      const late = { teamId: TEAM, fileId: 'F2-0000000B' };
      const parts = [{ file: sampleFile(late.fileId, { parentId: MAIL.fileId }) }];
      await recordParts(catalog, MAIL, parts, T0 + 2 * MINUTE);
      expect(await openTo(late)).toEqual(['C1', 'C2']);
      await close(IN('C2'), T0 + 3 * MINUTE, MAIL);
      expect(await Promise.all([MAIL, PART, late].map(openTo))).toEqual([['C1'], ['C1'], ['C1']]);
      await recordParts(catalog, MAIL, [...part(), ...parts], T0 + 4 * MINUTE);
      expect(await Promise.all([MAIL, PART, late].map(openTo))).toEqual([['C1'], ['C1'], ['C1']]);
    });

    test('leaves an attachment open that was given on its own', async () => {
      await open(TO_BEN, T0 + MINUTE, PART);
      await open(TO_BEN, T0 + 2 * MINUTE, MAIL);
      await close(TO_BEN, T0 + 3 * MINUTE, MAIL);
      expect(await openTo(MAIL)).toEqual(['C1']);
      expect(await openTo(PART)).toEqual(['C1', 'U2']);
      await open(TO_BEN, T0 + 4 * MINUTE, MAIL);
      await close(TO_BEN, T0 + 5 * MINUTE, MAIL);
      // Whatever is told of the mail afterwards, the attachment keeps its own.
      await recordParts(catalog, MAIL, part(), T0 + 6 * MINUTE);
      expect(await openTo(PART)).toEqual(['C1', 'U2']);
      expect((await sharesOf(catalog, PART)).map(({ removed }) => removed)).toEqual([false, false]);
    });
  });
});
