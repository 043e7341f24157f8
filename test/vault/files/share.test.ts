import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { auditOf } from '../../../src/catalog/governance/audit.ts';
import { retryFailed, retryOne } from '../../../src/vault/files/retry.ts';
import { shareFile } from '../../../src/vault/files/share.ts';
import { TEAM } from '../../catalog/samples.ts';
import { ADMIN, ANNA, BEN, openWorld, type World } from '../world.ts';

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
  await world.share('F1', 'G1');
  await world.share('F2', 'G1', { skip: 'too_large' });
});

async function share(userId: string, fileId: string, channelId: string): Promise<string[]> {
  const posted: string[] = [];
  const draw = ({ file }: { file: { fileId: string } }) => {
    posted.push(file.fileId);
    return { text: '', blocks: [] };
  };
  world.answers.set('chat.postMessage', { ts: '1764400000.000100' });
  await shareFile(world.vault, { userId, fileId, channelId, draw }).catch((error: { code: string }) =>
    posted.push(error.code),
  );
  return posted;
}
const actions = async (fileId: string) =>
  (await auditOf(world.catalog, { teamId: TEAM, fileId }, 10, [])).map(({ action }) => action);

it('a file is shared where the person and the bot are, and that is written down', async () => {
  expect(await share(BEN, 'F1', 'G2')).toEqual(['F1']);
  const [entry] = await auditOf(world.catalog, { teamId: TEAM, fileId: 'F1' }, 10, []);
  const detail = { ts: '1764400000.000100' };
  expect(entry).toMatchObject({ action: 'posted', actorId: BEN, channelId: 'G2', detail });
});

it.each([
  ['in a channel that the person is not in', ANNA, 'F1', 'G2', 'not_here'],
  ['in a channel that the bot is not in', BEN, 'F1', 'G3', 'not_here'],
  ['in no channel', BEN, 'F1', '', 'not_here'],
  ['that the vault does not hold', BEN, 'F2', 'G2', 'not_stored'],
  ['that the person may not see', ADMIN, 'F1', 'G2', 'no_such_file'],
])('no file is shared %s', async (_, userId, fileId, channelId, code) => {
  expect(await share(userId, fileId, channelId)).toEqual([code]);
  expect(await actions(fileId)).not.toContain('posted');
});

it('only who may see a file has it tried again, and only where that may help', async () => {
  const retry = (userId: string, fileId: string) => retryOne(world.vault, { userId, fileId });
  await expect(retry(ADMIN, 'F2')).rejects.toMatchObject({ code: 'no_such_file' });
  await expect(retry(BEN, 'F1')).rejects.toMatchObject({ code: 'nothing_to_retry' });
  expect(await retry(BEN, 'F2')).toMatchObject({ isInVain: true, file: { reason: 'too_large' } });
  expect(world.woken).toEqual([]);
});

it('only an admin has everything tried again', async () => {
  await expect(retryFailed(world.vault, { userId: BEN })).rejects.toMatchObject({ code: 'admins_only' });
  expect(await retryFailed(world.vault, { userId: ADMIN })).toEqual({ files: 0 });
});
