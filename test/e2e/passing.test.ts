import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdCatalog } from '../faults/passing.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** A bot as it runs, and a Slack that says no, or nothing, for a moment. No sweep comes by itself. */
describe('what Slack does not give at first', () => {
  let vault: TestVault;

  beforeAll(async () => {
    vault = await startVault({ mode: 'http', env: { VAULT_SWEEP_MINUTES: '0' } });
    await vault.startBot();
  });
  afterAll(() => vault?.close());

  const keys = async () => (await vault.s3.list(BUCKET)).map(({ key }) => key);
  const isStored = async (fileId: string) => (await keys()).some((key) => key.includes(`/${fileId}/`));
  const places = (fileId: string) => {
    const catalog = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true, timeout: 5_000 });
    try {
      const rows = catalog.prepare('select channel_id as id from channel_file where file_id = ?').all(fileId);
      return rows.map(({ id }) => id);
    } finally {
      catalog.close();
    }
  };
  const said = (channel: string) =>
    vault.slack
      .as('anna')
      .messages(channel)
      .filter(({ user }) => user === vault.slack.workspace.botUserId)
      .map((message) => JSON.stringify(message));

  it('is stored and told once it is there', async () => {
    const anna = vault.slack.as('anna');
    const fileId = await anna.upload({ name: 'late.txt', content: 'late' });
    vault.slack.faults.notYet(fileId, 3);
    anna.post('general', '', { file_ids: [fileId] });
    await until('the file', () => isStored(fileId), 60_000);
    await until('its confirmation', async () => said('general').some((one) => one.includes('late.txt')));
  });

  it('is stored when a proxy answers in Slack’s place meanwhile, and its page is told to nobody', async () => {
    const anna = vault.slack.as('anna');
    const fault = vault.slack.faults.api('*', { webPage: true });
    vault.slack.faults.stub('*', 'check_file_info', 1);
    const { files } = await anna.share('general', { name: 'proxied.txt', content: 'x' });
    await until('it to be asked for', async () => fault.hits > 2, 30_000);
    fault.remove();
    await until('the file', () => isStored(files[0] as string), 60_000);
    await until('its confirmation', async () => said('general').some((one) => one.includes('proxied.txt')));
    expect(said('general').join('')).not.toMatch(/<html|doctype/i);
  });

  it('is the canvas of a channel, which no message shows: kept when the bot comes in, told to nobody', async () => {
    const carla = vault.slack.as('carla');
    const fileId = carla.channelCanvas('random', { title: 'Plans', html: '<p>Plans of the channel</p>' });
    const before = said('random').length;
    carla.invite('random');
    await until('the canvas', () => isStored(fileId), 60_000);
    await until('the hello', async () => said('random').length > before);
    expect(said('random').filter((one) => one.includes('Plans'))).toEqual([]);
  });

  it('is a channel under its new id, though nobody told of that: its members find the older files', async () => {
    const { files } = await vault.slack.as('anna').share('finance', { name: 'budget.txt', content: 'x' });
    await until('the file', () => isStored(files[0] as string));
    const dropped = vault.slack.faults.event('*', { kind: 'drop' });
    const renewed = vault.slack.changeChannelId('finance');
    dropped.remove();
    vault.slack.sendRateLimited();
    await until('the files to move', async () => places(files[0] as string).includes(renewed), 30_000);
    expect(places(files[0] as string)).toEqual([renewed]);
  });

  it('comes back with the bot, when it was out of the channel', async () => {
    const carla = vault.slack.as('carla');
    const fileId = await carla.upload({ name: 'missed.txt', content: 'missed' });
    vault.slack.faults.notYet(fileId, 2);
    carla.post('random', '', { file_ids: [fileId] });
    carla.kick('random');
    carla.invite('random');
    await until('the file', () => isStored(fileId), 60_000);
  });

  it('is found soon, also when the catalog was away as its channel was being looked through', async () => {
    const slow = vault.slack.faults.api('conversations.history', { delayMs: 3_000 });
    vault.slack.sendRateLimited();
    await until('a channel to be looked through', () => slow.hits > 0);
    const dropped = vault.slack.faults.event('*', { kind: 'drop' });
    let files: string[] = [];
    await holdCatalog({ vault }, 12_000, async () => {
      ({ files } = await vault.slack.as('anna').share('general', { name: 'meanwhile.txt', content: 'x' }));
    });
    slow.remove();
    await until('the file', () => isStored(files[0] as string), 60_000);
    dropped.remove();
  });
});
