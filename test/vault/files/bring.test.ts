import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channelsOfFile, fileById } from '../../../src/catalog/files/lookup.ts';
import { SlackApiError } from '../../../src/slack/api-error.ts';
import { saveMessageFiles } from '../../../src/vault/files/save-message.ts';
import { uploadFiles } from '../../../src/vault/files/upload.ts';
import { T0, TEAM } from '../../catalog/samples.ts';
import { ANNA, BEN, openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.channel('G1', [ANNA, BEN]);
  await world.channel('G2', [BEN]);
  await world.channel('G3', [BEN], { bot: false });
});

/** A file as Slack shows it. Shape: docs.slack.dev/reference/objects/file-object. */
const slackFile = (id: string) => ({
  ...{ id, name: `${id}.txt`, title: id, mimetype: 'text/plain', filetype: 'text', mode: 'hosted' },
  ...{ user: ANNA, size: 10, created: T0 / 1_000, file_access: 'visible', is_external: false },
  ...{ url_private: `https://files.slack.com/${id}`, permalink: `https://acme.slack.com/files/${id}` },
});
const placesOf = (fileId: string) => channelsOfFile(world.catalog, { teamId: TEAM, fileId });
const stateOf = async (fileId: string) =>
  (await fileById(world.catalog, { teamId: TEAM, fileId }))?.state ?? null;

describe('the files of a message', () => {
  const ts = `${T0 / 1_000}.000100`;
  const save = (userId: string, channelId: string) =>
    saveMessageFiles(world.vault, { userId, channelId, ts });
  const hold = (...ids: string[]) =>
    world.answers.set('conversations.history', { messages: [{ ts, user: ANNA, files: ids.map(slackFile) }] });

  it('are captured now, and the answer says what happened to each', async () => {
    await world.share('F1', 'G1');
    hold('F1', 'F2');
    expect(await save(BEN, 'G1')).toEqual({ onTheWay: 1, already: 1, notKept: 0 });
    expect([await stateOf('F2'), world.woken]).toEqual(['pending', ['all']]);
  });

  it.each([
    ['by somebody who cannot see the conversation', ANNA, 'G2', 'not_a_member'],
    ['where the bot is not', BEN, 'G3', 'not_in_channel'],
    ['of no conversation', BEN, '', 'not_in_channel'],
  ])('are not saved %s, and Slack is not asked', async (_, userId, channelId, code) => {
    hold('F1');
    await expect(save(userId, channelId)).rejects.toMatchObject({ code });
    expect([world.asked, await stateOf('F1')]).toEqual([[], null]);
  });

  it('may be no files at all', async () => {
    hold();
    await expect(save(BEN, 'G1')).rejects.toMatchObject({ code: 'no_files' });
    world.answers.clear();
    await expect(save(BEN, 'G1')).rejects.toMatchObject({ code: 'no_files' });
  });
});

describe('files that a person puts into the vault', () => {
  const upload = (userId: string, fileIds: string[], channelId: string | null) => {
    world.answers.set('files.info', { file: slackFile(fileIds[0] ?? '') });
    return uploadFiles(world.vault, { userId, fileIds, channelId });
  };

  it('go into a channel that both are in, or stay with the person alone', async () => {
    expect(await upload(ANNA, ['F1'], 'G1')).toMatchObject({ names: [expect.any(String)] });
    expect(await upload(ANNA, ['F2'], null)).toMatchObject({ names: [expect.any(String)] });
    expect([await placesOf('F1'), await placesOf('F2')]).toEqual([['G1'], [ANNA]]);
    const own = await fileById(world.catalog, { teamId: TEAM, fileId: 'F2' });
    if (own === undefined) throw new Error('no file');
    expect(await world.vault.rights.maySeeFile(ANNA, own)).toBe(true);
    expect(await world.vault.rights.maySeeFile(BEN, own)).toBe(false);
  });

  // Seen in public threads: file_not_found for some seconds after an upload.
  describe('that Slack does not know yet', () => {
    const unknown = () => new SlackApiError('files.info', 'file_not_found');
    const asks = () => world.asked.filter(({ method }) => method === 'files.info').length;
    const uploadWith = (...again: number[]) =>
      uploadFiles(world.vault, { userId: ANNA, fileIds: ['F1'], channelId: 'G1' }, again);

    it('are asked for again, so that whoever is quick is not turned away', async () => {
      world.answers.set('files.info', unknown());
      const uploading = uploadWith(0, 0, 0, 50, 50, 50, 50, 50, 50);
      while (asks() < 3) await new Promise(setImmediate);
      world.answers.set('files.info', { file: slackFile('F1') });
      expect(await uploading).toMatchObject({ names: ['F1.txt'] });
      expect(await stateOf('F1')).toBe('pending');
    });

    it('are refused as such in the end, not as somebody else’s', async () => {
      world.answers.set('files.info', unknown());
      await expect(uploadWith(0, 0)).rejects.toMatchObject({ code: 'not_known_yet' });
      expect([asks(), await stateOf('F1')]).toEqual([3, null]);
    });

    it('are not asked for again when Slack’s no is final', async () => {
      world.answers.set('files.info', new SlackApiError('files.info', 'file_deleted'));
      await expect(uploadWith(0, 0)).rejects.toMatchObject({ code: 'not_your_file' });
      expect(asks()).toBe(1);
    });
  });

  it.each([
    ['none', ANNA, [], 'G1', 'no_files'],
    ['too many', ANNA, Array.from({ length: 11 }, (_, i) => `F${i}`), 'G1', 'too_many_files'],
    ['for a channel that the person is not in', ANNA, ['F1'], 'G2', 'not_here'],
    ['for a channel that the bot is not in', BEN, ['F1'], 'G3', 'not_here'],
    ['that somebody else uploaded', BEN, ['F1'], null, 'not_your_file'],
  ])('are refused: %s', async (_, userId, fileIds, channelId, code) => {
    await expect(upload(userId, fileIds, channelId)).rejects.toMatchObject({ code });
    expect([await stateOf('F1'), world.woken]).toEqual([null, []]);
  });
});
