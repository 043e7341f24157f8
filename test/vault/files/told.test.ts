import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channelById } from '../../../src/catalog/files/channels.ts';
import { channelsOfFile, fileById } from '../../../src/catalog/files/lookup.ts';
import { recordShares } from '../../../src/catalog/files/shares.ts';
import { NO_OVERRIDES, saveOverrides } from '../../../src/catalog/governance/rules.ts';
import type { Sighting } from '../../../src/catalog/model.ts';
import { fileWasDeletedInSlack } from '../../../src/vault/files/deleted-in-slack.ts';
import { messageWasSeen, type SeenMessage } from '../../../src/vault/files/message.ts';
import { fileWasShared } from '../../../src/vault/files/shared.ts';
import { takenBack } from '../../../src/vault/files/taken-back.ts';
import { fileLeftChannel } from '../../../src/vault/files/unshared.ts';
import { found, T0, TEAM } from '../../catalog/samples.ts';
import { ANNA, BEN, BOT, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, BEN]);
});

const fileOf = (fileId: string) => fileById(world.catalog, { teamId: TEAM, fileId });
const placesOf = (fileId: string) => channelsOfFile(world.catalog, { teamId: TEAM, fileId });

describe('Slack deleted its copy', () => {
  const deleted = () => fileWasDeletedInSlack(world.vault, { fileId: 'F1', at: T0 + 500 });
  const inTrash = async (...channelIds: string[]) => {
    for (const channelId of channelIds) {
      const own = { ...NO_OVERRIDES, onSlackDelete: 'trash' as const };
      await saveOverrides(world.catalog, { teamId: TEAM, channelId, own, actorId: 'U3', now: T0 });
    }
  };

  it('the vault keeps its own', async () => {
    await world.share('F1', 'G1');
    await deleted();
    expect(await fileOf('F1')).toMatchObject({ state: 'stored' });
    expect(world.woken).toEqual(['confirm']);
  });

  it('the vault trashes its own where all of its channels say so', async () => {
    await world.channel('G2', [ANNA]);
    await world.share('F1', 'G1');
    await world.share('F1', 'G2', { at: T0 + 100, stored: false });
    await inTrash('G1');
    await deleted();
    expect(await fileOf('F1')).toMatchObject({ state: 'stored' });
    await inTrash('G2');
    await deleted();
    expect(await fileOf('F1')).toMatchObject({ state: 'trashed', trashedBy: 'vault' });
  });
});

describe('a file was shared, and nothing else is known of it', () => {
  const shared = (userId: string) =>
    fileWasShared(world.vault, { fileId: 'F1', userId, channelId: 'G1', at: T0 });

  it('it waits for its message, and its sharer is known to be there', async () => {
    await shared(ANNA);
    expect([(await fileOf('F1'))?.state, await placesOf('F1')]).toEqual(['pending', ['G1']]);
    expect([world.told, world.woken]).toEqual([['sawIn U1 G1'], ['all']]);
  });

  it('there is nothing to do if its message told everything, or the bot shared it', async () => {
    await world.share('F1', 'G1');
    await shared(ANNA);
    await shared(BOT);
    expect([world.told, world.woken]).toEqual([['sawIn U1 G1'], []]);
  });
});

describe('a message', () => {
  const seen = (more: Partial<SeenMessage>) =>
    messageWasSeen(world.vault, {
      ...{ channelId: 'G1', kind: 'private', speaker: null, becomes: null, author: ANNA },
      ...{ files: [], at: null, change: null, root: null, deletedTs: null, ...more },
    });
  const one = (fileId: string): Sighting => found(fileId, 'G1', T0);

  it('brings its files', async () => {
    await seen({ files: [one('F1')], speaker: ANNA });
    expect([(await fileOf('F1'))?.state, world.woken]).toEqual(['pending', ['capture', 'journal']]);
    expect(world.told).toEqual(['sawIn U1 G1']);
  });

  it('says whose a direct message is, unless the bot wrote it', async () => {
    const direct = { channelId: 'D1', kind: 'im' as const, files: [one('F1')] };
    await seen({ ...direct, author: BOT });
    expect((await channelById(world.catalog, TEAM, 'D1'))?.imUserId).toBeNull();
    await seen({ ...direct, author: BEN });
    expect((await channelById(world.catalog, TEAM, 'D1'))?.imUserId).toBe(BEN);
  });

  it('makes a channel private: what was kept of who may see it is forgotten', async () => {
    await world.channel('C1', [ANNA], { kind: 'public' });
    await seen({ channelId: 'C1', becomes: 'private' });
    expect((await channelById(world.catalog, TEAM, 'C1'))?.kind).toBe('private');
    expect(world.told).toEqual(['forgetChannel C1', 'forgetMemberships']);
  });

  it('brings no words of a thread where none are kept, and those from before go', async () => {
    const threadTs = '1.000000';
    const rootSaid = { author: ANNA, text: 'the offer', at: 1_000 };
    const file = found('F1', 'G1', T0);
    await recordShares(world.catalog, TEAM, [{ ...file, share: { ...file.share, threadTs, rootSaid } }], T0);
    const edit = async (text: string, at: number) => {
      await seen({ root: { ts: threadTs, said: { author: ANNA, text, at } } });
      const rows = await world.catalog.db.selectFrom('said').select('rootWords').execute();
      return rows.map((row) => row.rootWords);
    };
    Object.assign(world.vault.policy, { text: 'off' });
    expect(await edit('the secret', 2_000)).toEqual(['']);
    Object.assign(world.vault.policy, { text: 'words' });
    expect(await edit('the contract', 3_000)).toEqual(['the contract']);
    Object.assign(world.vault.policy, { text: undefined });
  });

  it('takes back its files when it is deleted, and a single file when that is edited out', async () => {
    const { ts } = one('F1').share;
    await seen({ files: [one('F1'), one('F2')] });
    await seen({ files: [one('F2')], change: { ts, isGone: false, before: [one('F1'), one('F2')] } });
    expect([await placesOf('F1'), await placesOf('F2')]).toEqual([[], ['G1']]);
    await seen({ change: { ts, isGone: true, before: null }, deletedTs: ts });
    expect(await placesOf('F2')).toEqual([]);
  });

  it('a file that left a channel without one is taken back as well', async () => {
    await world.share('F1', 'G1');
    await fileLeftChannel(world.vault, { fileId: 'F1', channelId: 'G1', at: T0 + 500 });
    expect([await placesOf('F1'), world.woken]).toEqual([[], ['home', 'journal']]);
  });
});

describe('what a change of a message takes back', () => {
  const one = (fileId: string, more: Partial<Sighting> = {}): Sighting => ({
    ...found(fileId, 'G1', T0),
    ...more,
  });
  const taken = (before: Sighting[] | null, now: Sighting[], isGone = false) =>
    takenBack('G1', { ts: '1.5', isGone, before }, now).map(({ fileId, isUnseen }) => fileId ?? isUnseen);

  it('is what the message no longer holds', () => {
    expect(taken([one('F1'), one('F2')], [one('F2')])).toEqual(['F1']);
    expect(taken([one('F1')], [one('F1')])).toEqual([]);
  });

  it('is everything when the message is gone, also what Slack does not name', () => {
    expect(taken([one('F1')], [], true)).toEqual(['F1', false]);
    expect(taken(null, [], true)).toEqual([true]);
  });

  it('is not a file that Slack itself deleted, or an attachment of a mail that is still there', () => {
    expect(taken([one('F1', { skip: 'tombstone' })], [])).toEqual([]);
    const attached = one('F1-0A', { file: { ...found('F1-0A', 'G1', T0).file, parentId: 'F1' } });
    expect(taken([one('F1'), attached], [one('F1')])).toEqual([]);
  });

  it('is nothing when Slack does not say which message', () => {
    expect(takenBack('G1', { ts: null, isGone: true, before: [one('F1')] }, [])).toEqual([]);
  });
});
