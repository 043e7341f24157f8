/** The malware gate with the real clamd, the real bot, and people at the sandbox. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-api.ts';
import type { ViewRecord } from '../../sandbox/slack/types.ts';
import { BAD_WORDS, type Clamd, noClamd, officialClamd, startClamd } from '../helpers/clamd.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

describe.skipIf(noClamd())('files that the scanner has to let out', () => {
  let vault: TestVault;
  let clamd: Clamd;
  let front: Awaited<ReturnType<typeof officialClamd>>;
  let bot: Bot;
  let bad: string;
  let good: string;
  beforeAll(async () => {
    [vault, clamd] = await Promise.all([startVault(), startClamd()]);
    front = await officialClamd(clamd);
    bot = await vault.startBot({ VAULT_SCAN: front.url });
    bad = await share('ben', 'invoice.pdf', `An invoice with ${BAD_WORDS}`);
    good = await share('ben', 'minutes.txt', 'What was said');
  }, 120_000);
  afterAll(async () => {
    front?.close();
    await Promise.all([vault?.close(), clamd?.close()]);
  });

  const person = (who: string) => vault.slack.as(who);
  const isStored = async (fileId: string) =>
    (await vault.s3.list(BUCKET)).some(({ key }) => key.includes(`/${fileId}/`));

  async function share(who: string, name: string, content: string, channel = 'general'): Promise<string> {
    const { files } = await person(who).share(channel, { name, content });
    await until(`${name} in the bucket`, () => isStored(files[0] as string));
    return files[0] as string;
  }

  /** What the bot answers to this person alone. */
  async function ask(who: string, words: string): Promise<PageMessage> {
    const alone = () =>
      person(who)
        .messages('general')
        .filter(({ ephemeral }) => ephemeral);
    const before = new Set(alone().map(({ ts }) => ts));
    await person(who).command('general', words);
    return until(`an answer to ${words}`, () => alone().find(({ ts }) => !before.has(ts)));
  }
  const said = (what: unknown) => JSON.stringify(what);

  /** The answer to `/vault get`, once the file has been checked. */
  const got = (who: string, fileId: string) =>
    until(`the check of ${fileId}`, async () => {
      const answer = await ask(who, `/vault get ${fileId}`);
      return said(answer.blocks).includes('being checked') ? undefined : answer;
    });

  async function bytesOf(answer: PageMessage): Promise<string> {
    const url = /"url":"(http[^"]+)"/.exec(said(answer.blocks))?.[1];
    return (await fetch(JSON.parse(`"${url}"`))).text();
  }

  function toldTo(who: string): string {
    const im = person(who)
      .workspace()
      .channels.find(({ kind }) => kind === 'im');
    return im === undefined ? '' : said(person(who).messages(im.id));
  }

  const modal = (who: string, text: string): Promise<ViewRecord> =>
    until(text, () => {
      const view = person(who).modal();
      return view && said(view).includes(text) ? view : undefined;
    });

  it('are stored and confirmed as always, and a clean one is given out', async () => {
    await until('both confirmations', () => {
      const all = said(person('ben').messages('general'));
      return all.includes('Saved ') && all.includes('invoice.pdf') && all.includes('minutes.txt');
    });
    expect(await bytesOf(await got('anna', good))).toBe('What was said');
  });

  it('stay closed with malware, for everybody; uploader and admins are told', async () => {
    for (const who of ['anna', 'ben', 'carla']) {
      const answer = await got(who, bad);
      expect(said(answer.blocks)).toContain('Vault.Test.Words.UNOFFICIAL');
      expect(said(answer.blocks)).not.toContain('"url"');
    }
    const list = await ask('anna', '/vault list');
    expect(said(list.blocks)).toContain('malware found, not given out');
    await until('the uploader is told', () =>
      toldTo('ben').includes('Malware was found in 1 file that you shared'),
    );
    await until(
      'the admin is told',
      () => toldTo('carla').includes('Malware was found: `Vault.Test.Words.UNOFFICIAL`'),
      60_000,
    );
    expect(toldTo('carla')).not.toContain('invoice.pdf');
    expect(toldTo('anna')).not.toContain('Malware');
    const status = said((await ask('carla', '/vault status')).blocks);
    expect(status).toContain('invoice.pdf');
    expect(status).toContain('ClamAV 1.4.6');
    expect(said((await ask('ben', '/vault status')).blocks)).not.toContain('Malware check');
  }, 120_000);

  it('are released by an admin, with a reason', async () => {
    const status = await ask('carla', '/vault status');
    await person('carla').action(status, 'show_details', { payload: { value: bad } });
    const details = await modal('carla', 'scan_release');
    await person('carla').action(details, 'scan_release');
    const form = await modal('carla', 'Why may it be given out?');
    await person('carla').submit(form.id, { reason: { value: { value: 'a test of ours' } } });
    await modal('carla', 'is released');
    const answer = await got('anna', bad);
    expect(said(answer.blocks)).toContain('An admin released the file');
    expect(await bytesOf(answer)).toContain(BAD_WORDS);
    const log = said((await ask('carla', '/vault audit action:released')).blocks);
    expect(log).toContain('invoice.pdf');
  });

  it('wait while the scanner is away, which keeps nobody from storing; then they are checked', async () => {
    await clamd.kill();
    const late = await share('ben', 'late.txt', 'shared meanwhile');
    expect(said((await ask('anna', `/vault get ${late}`)).blocks)).toContain('being checked');
    const ready = await fetch(`http://127.0.0.1:${bot.port}/readyz`);
    expect(ready.status).toBe(200);
    await clamd.start();
    expect(await bytesOf(await got('anna', late))).toBe('shared meanwhile');
  }, 120_000);

  it('are scanned again when the scanner has new signatures', async () => {
    expect(await bytesOf(await got('anna', good))).toBe('What was said');
    await clamd.learn('Vault.Test.Later', 'What was said');
    front.release(28_002);
    // A start asks at once, and what was stored before is known.
    expect(await bot.stop()).toBe(0);
    bot = await vault.startBot({ VAULT_SCAN: front.url });
    await until('the second verdict', async () =>
      said((await ask('anna', `/vault get ${good}`)).blocks).includes('Vault.Test.Later'),
    );
    // The release stands: it is about these bytes.
    expect(await bytesOf(await got('anna', bad))).toContain(BAD_WORDS);
  }, 120_000);

  it('stay closed when the setting is taken away, and only these', async () => {
    expect(await bot.stop()).toBe(0);
    bot = await vault.startBot();
    expect(bot.log.map(({ code }) => code)).toContain('scan_off');
    const fresh = await share('ben', 'fresh.txt', 'nobody looks at this');
    expect(said((await ask('anna', `/vault get ${good}`)).blocks)).toContain('Vault.Test.Later');
    expect(await bytesOf(await ask('anna', `/vault get ${fresh}`))).toBe('nobody looks at this');
  }, 60_000);
});
