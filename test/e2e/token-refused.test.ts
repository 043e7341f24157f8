/** A token that Slack refuses while the bot runs: it says so, is not ready, and goes on when it is accepted again. */
import { expect, it } from 'vitest';
import { BUCKET, startVault, until } from '../helpers/vault.ts';

it('an app token that is refused for a while ends nothing', async () => {
  const vault = await startVault();
  try {
    const bot = await vault.startBot();
    const refused = vault.slack.faults.api('apps.connections.open', { error: 'invalid_auth' });
    vault.slack.cutSockets();
    await until('it says so', () =>
      bot.log.some(({ code, level }) => code === 'invalid_auth' && level === 'error'),
    );
    const ready = await fetch(`http://127.0.0.1:${bot.port}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('not connected')]);
    const connections = () => bot.log.filter(({ msg }) => msg === 'connected to Slack').length;
    const before = connections();
    refused.remove();
    await until('a connection', () => connections() > before);
    const { files } = await vault.slack.as('anna').share('general', { name: 'late.txt', content: 'late' });
    await until('the file', async () =>
      (await vault.s3.list(BUCKET)).some(({ key }) => key.includes(`${files[0]}`)),
    );
    expect(await bot.stop()).toBe(0);
  } finally {
    await vault.close();
  }
});
