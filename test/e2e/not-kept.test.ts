import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage, View } from '../../sandbox/slack/page-api.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** What is not kept is found, listed and got with the reason, by those who may see it and by nobody else. */
describe('files that are not kept', () => {
  let vault: TestVault;
  const ids: Record<string, string> = {};
  const DRIVE = 'https://docs.google.com/document/d/1/edit?usp=sharing&x=1';

  beforeAll(async () => {
    vault = await startVault({ env: { VAULT_MAX_FILE_BYTES: String(2 ** 20), VAULT_EXCLUDE_TYPES: 'mov' } });
    await vault.startBot();
    const share = async (person: string, channel: string, name: string, more: object = {}) => {
      const { files } = await vault.slack.as(person).share(channel, { name, content: name, ...more });
      ids[name] = files[0] as string;
    };
    const link = { mode: 'external', external_url: DRIVE, mimetype: 'application/vnd.google-apps.document' };
    await share('anna', 'general', 'kept.txt');
    await share('anna', 'general', 'road map', link);
    await share('ben', 'general', 'holiday film.mov');
    await share('ben', 'general', 'disk image.iso', { content: 'x'.repeat(2 ** 20 + 1) });
    await share('carla', 'finance', 'secret plan', link);
    await share('carla', 'finance', 'secret film.mov');
    await share('anna', 'general', 'kept too.txt');
    await until('what is kept', async () => (await stored()).length === 2);
    await until('the catalog', async () => !(await ask('carla', '/vault list')).includes('On its way'));
  });
  afterAll(() => vault?.close());

  const stored = async () => (await vault.s3.list(BUCKET)).filter(({ key }) => !key.includes('.ria-vault/'));
  const alone = (who: string, channel: string) =>
    vault.slack
      .as(who)
      .messages(channel)
      .filter(({ ephemeral }) => ephemeral);

  async function command(who: string, line: string, channel = 'general'): Promise<PageMessage> {
    const before = new Set(alone(who, channel).map(({ ts }) => ts));
    await vault.slack.as(who).command(channel, line);
    return until('the answer', () => alone(who, channel).find(({ ts }) => !before.has(ts)));
  }
  const ask = async (who: string, line: string, channel = 'general') =>
    JSON.stringify((await command(who, line, channel)).blocks);

  const GOOGLE =
    'Google Drive, link only · <https://docs.google.com/document/d/1/edit?usp=sharing&amp;x=1|Open>';
  const FILM = 'Not saved: files of type mov are not saved here · <http';
  const LARGE = 'Not saved: larger than this channel allows (1 MB) · <http';

  it('are listed in their place, each with one plain line', async () => {
    const page = await ask('gus', '/vault list');
    const names = ['kept too.txt', 'disk image.iso', 'holiday film.mov', 'road map', 'kept.txt'];
    const places = names.map((name) => page.indexOf(name));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    for (const line of [GOOGLE, FILM, LARGE]) expect(page).toContain(line);
    expect(page).toContain('|Open in Slack>');
    expect(page.match(/"value":"F\w+"/g)).toEqual([
      `"value":"${ids['kept too.txt']}"`,
      `"value":"${ids['kept.txt']}"`,
    ]);
    // Even an admin is offered no Delete where there is nothing to delete.
    expect((await ask('carla', '/vault list')).match(/"delete:F/g)).toHaveLength(2);
  });

  it.each([
    ['road map', GOOGLE],
    ['film', FILM],
    ['image disk', LARGE],
    ['holidya', FILM],
    ['type:mov', FILM],
    ['size:>1mb', LARGE],
    ['before:2099-01-01 @ben film', FILM],
  ])('are found: %s', async (words, line) => {
    expect(await ask('gus', `/vault find ${words}`)).toContain(line);
  });

  it('are answered by get with their line and where they open, not with a mistake', async () => {
    for (const query of ['road map', ids['road map']]) {
      const got = await ask('ben', `/vault get ${query}`);
      expect(got).toContain(GOOGLE);
      expect(got).toContain(`"url":"${DRIVE}"`);
      expect(got).not.toContain('Download');
    }
    const large = await ask('ben', '/vault get disk image.iso');
    expect(large).toContain(LARGE);
    expect(large).toMatch(/"text":"Open in Slack".*"url":"http/);
  });

  it('say why in Details, with a button that opens them', async () => {
    const ben = vault.slack.as('ben');
    const card = await command('ben', '/vault get disk image.iso');
    await ben.action(card, 'show_details');
    const view = (await until('the details', () =>
      ben.modal()?.blocks.some(({ type }) => type === 'actions') ? ben.modal() : undefined,
    )) as View;
    const words = JSON.stringify(view.blocks);
    expect(words).toContain('Not saved: larger than this channel allows (1 MB)');
    expect(words).toContain('Open in Slack');
    expect(words).not.toContain('Download');
  });

  it('are counted apart, within reach', async () => {
    for (const line of ['/vault channel', '/vault stats']) {
      const ben = await ask('ben', line);
      expect(ben).toMatch(/3 more are not saved: [^"]*1 link/);
      expect(ben).toMatch(/not saved: [^"]*1 too large/);
      expect(ben).toMatch(/not saved: [^"]*1 of a type not saved/);
      expect(ben).toMatch(/\*?2 files/);
    }
    expect(await ask('carla', '/vault stats')).toContain(
      '5 more are not saved: 2 of a type not saved, 2 links, 1 too large',
    );
    expect(await ask('carla', '/vault channel', 'finance')).toContain('2 more are not saved: ');
  });

  it('are not for those to know who cannot see their channel', async () => {
    for (const line of [
      ...['/vault list', '/vault find', '/vault find secret', '/vault find sercet', '/vault find type:mov'],
      ...[
        '/vault find @carla',
        `/vault find ${ids['secret plan']}`,
        '/vault get secret plan',
        '/vault delete secret',
      ],
      ...[`/vault get ${ids['secret film.mov']}`, '/vault stats'],
    ]) {
      for (const who of ['ben', 'gus'])
        expect(await ask(who, line), `${who}: ${line}`).not.toMatch(
          /\*secret|secret film|holidya|ecret plan\*/,
        );
    }
    expect(await ask('carla', '/vault find secret')).toMatch(
      /secret film.*secret plan|secret plan.*secret film/s,
    );
  });

  it('are no files to delete; own uploads are found behind any number of others that were shared again', async () => {
    expect(await ask('ben', '/vault delete')).toContain('There is nothing here that you may delete');
    const [anna, gus] = [vault.slack.as('anna'), vault.slack.as('gus')];
    await gus.share('general', { name: 'my own.txt', content: 'mine' });
    for (let i = 0; i < 11; i++) {
      const { files } = await anna.share('general', { name: `theirs ${i}.txt`, content: 'x' });
      gus.post('general', 'look at this', { file_ids: files });
    }
    await until('all', async () => (await stored()).length === 14);
    await until('all listed', async () => !(await ask('carla', '/vault list')).includes('On its way'));
    const mine = await ask('gus', '/vault delete');
    expect(mine).toContain('my own.txt');
    expect(mine).not.toMatch(/theirs|and more/);
    const all = await ask('carla', '/vault delete');
    expect(all).toContain('theirs 10.txt');
    expect(all).toContain('…and more');
  });
});
