import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

describe('a direct message with the bot', () => {
  let vault: TestVault;
  let dm: string;
  beforeAll(async () => {
    vault = await startVault();
    await vault.startBot();
    dm = vault.slack.workspace.dms.anna as string;
  });
  afterAll(() => vault.close());

  const answers = () =>
    vault.slack
      .as('anna')
      .messages(dm)
      .filter(({ ephemeral }) => ephemeral);

  it('answers before anything was shared there', async () => {
    await vault.slack.as('anna').command(dm, '/vault list');
    const answer = await until('the answer', () => answers().at(-1));
    expect(answer.text).toContain('saved yet');
  });

  it('keeps what is sent there, for the one person alone', async () => {
    const anna = vault.slack.as('anna');
    const { files } = await anna.share(dm, { name: 'diary.txt', content: 'dear diary' });
    await until('the file', async () => (await vault.s3.list(BUCKET)).length === 1);
    const before = answers().length;
    await anna.command(dm, '/vault list');
    const list = await until('the list', () => (answers().length > before ? answers().at(-1) : undefined));
    expect(JSON.stringify(list.blocks)).toContain(files[0]);
    const carla = vault.slack.as('carla');
    await carla.command('general', '/vault find diary');
    const found = await until('the answer', () =>
      carla.messages('general').findLast(({ ephemeral }) => ephemeral),
    );
    expect(JSON.stringify(found.blocks)).not.toContain(files[0]);
  });
});
