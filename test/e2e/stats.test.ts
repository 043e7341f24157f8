import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const CHARTS = '.ria-vault/charts/';

describe('/vault stats', () => {
  let vault: TestVault;
  let bot: Bot;

  beforeAll(async () => {
    vault = await startVault({ env: { VAULT_PRICE_PER_GB: '0.01' } });
    bot = await vault.startBot();
    await vault.slack.as('anna').share('general', { name: 'a.pdf', content: 'a'.repeat(2_000) });
    await vault.slack.as('carla').share('finance', { name: 'b.xlsx', content: 'b'.repeat(5_000) });
    await until('both files', async () => (await files()).length === 2);
    await until('both in the catalog', async () => (await ask('carla')).text.includes('2 files'));
  });
  afterAll(() => vault?.close());

  const files = async () => (await vault.s3.list(BUCKET)).filter(({ key }) => !key.includes('.ria-vault/'));
  const charts = async () => (await vault.s3.list(BUCKET)).filter(({ key }) => key.includes(CHARTS));

  async function ask(who: string, channel = 'general') {
    const person = vault.slack.as(who);
    const answers = () => person.messages(channel).filter((message) => message.ephemeral);
    const before = answers().length;
    await person.command(channel, '/vault stats');
    return person.waitFor(() => answers().length > before && answers().at(-1));
  }

  it('shows a picture that can be fetched, and draws it once for the same numbers', async () => {
    const first = JSON.stringify((await ask('anna')).blocks);
    const url = /"image_url":"([^"]+)"/.exec(first)?.[1] as string;
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const png = Buffer.from(await answer.arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 800]);
    const before = await charts();
    await ask('anna');
    expect(await charts()).toEqual(before);
  });

  it('counts what the asker may see, and nothing else', async () => {
    const anna = JSON.stringify((await ask('anna')).blocks);
    expect(anna).toContain('*2 files · 7 KB* in channels you can see');
    const ben = JSON.stringify((await ask('ben')).blocks);
    expect(ben).toContain('*1 file · 2 KB* in channels you can see');
    for (const secret of ['xlsx', vault.slack.workspace.channels.finance, vault.slack.workspace.people.carla])
      expect(ben).not.toContain(secret);
    const pictures = [anna, ben].map((blocks) => /charts\/[^?"]+/.exec(blocks)?.[0]);
    expect(new Set(pictures).size).toBe(2);
  });

  it('shows the whole vault to those who run it, with the price that they set', async () => {
    const carla = JSON.stringify((await ask('carla')).blocks);
    expect(carla).toContain('*2 files · 7 KB* in the whole workspace');
    expect(carla).toContain('× $0.01 + 2 new files × $0.005 / 1,000 requests');
  });

  it('shows the same with letters when Slack refuses the picture', async () => {
    vault.slack.faults.api('response_url', { status: 400, error: 'invalid_blocks' }, 1);
    const blocks = JSON.stringify((await ask('anna')).blocks);
    expect(blocks).not.toContain('image_url');
    expect(blocks).toMatch(/█+` 7 KB/);
  });

  it('keeps the link of the picture out of the log', () => {
    expect(JSON.stringify(bot.log)).not.toContain('X-Amz-');
    // A container's disk is one that a start warns of.
    const told = bot.log.filter(({ check }) => check !== 'filesystem');
    expect(told.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });
});
