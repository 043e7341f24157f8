import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewRecord } from '../../sandbox/slack/types.ts';
import { sqliteView } from '../faults/catalog-view.ts';
import { type BotClock, botClock } from '../faults/clock.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const QUIET_MS = 11 * 60_000;

describe('a canvas that people go on editing', () => {
  let vault: TestVault;
  let clock: BotClock;
  let bot: Bot;
  let canvas: string;
  let offset = 0;
  beforeAll(async () => {
    vault = await startVault({ env: { VAULT_TEXT: 'contents', VAULT_READ_PERCENT: '100' } });
    clock = botClock(vault);
    bot = await vault.startBot(clock.env);
    canvas = person('ben').canvas('general', { title: 'Road map', html: '<p>first</p>' }).fileId;
    await until('the canvas', async () => (await objectsOf(canvas)).length === 1);
    for (const text of ['second', 'third', 'fourth']) {
      person('ben').edit(canvas, { content: `<p>${text}</p>` });
      await versionOf(canvas, text);
    }
    person('ben').edit(canvas, { title: 'Q&A road map' });
    person('ben').edit(canvas, { content: '<p>fifth</p>' });
    await versionOf(canvas, 'fifth');
    await until('the older versions are read', async () => (await foundBy('third')).length > 0, 60_000);
    // Links are made by the right time.
    clock.step(bot, 0);
  }, 180_000);
  afterAll(() => vault?.close());

  const person = (who: string) => vault.slack.as(who);
  const objectsOf = async (fileId: string) =>
    (await vault.s3.list(BUCKET))
      .map(({ key }) => key)
      .filter((key) => key.includes(`/${fileId}`) && !key.includes('.ria-vault/'));

  /**
   * Lets ten minutes go by, and waits for the version with this text. A start has every worker look at once. Slack may
   * have told of the edit once more meanwhile; then it is looked at once more, ten minutes later.
   */
  async function versionOf(fileId: string, text: string): Promise<void> {
    const catalog = sqliteView(vault.dataDir);
    await until('Slack’s word of the change', async () => (await catalog.changes()) > 0);
    await until(
      `the version with ${text}`,
      async () => {
        await bot.stop();
        offset += QUIET_MS;
        clock.step(bot, offset);
        bot = await vault.startBot(clock.env);
        const settled = async () => (await catalog.changes()) === 0;
        await until('every look at it', settled, 10_000).catch(() => {});
        return (await settled()) && (await isKept(fileId, text));
      },
      60_000,
    );
  }

  async function isKept(fileId: string, text: string): Promise<boolean> {
    for (const key of await objectsOf(fileId))
      if ((await vault.s3.read(BUCKET, key)).includes(text)) return true;
    return false;
  }

  /** The answer to a search, if it is found in an older version. */
  async function foundBy(word: string) {
    const alone = () =>
      person('ben')
        .messages('general')
        .filter(({ ephemeral }) => ephemeral);
    const before = new Set(alone().map(({ ts }) => ts));
    await person('ben').command('general', `/vault find ${word}`);
    const answer = await until('the answer', () => alone().find(({ ts }) => !before.has(ts)));
    return JSON.stringify(answer.blocks).includes('older version') ? [answer] : [];
  }

  const modal = (who: string, text: string) =>
    until(text, () => {
      const view = person(who).modal();
      return view && JSON.stringify(view.blocks).includes(text) ? view : undefined;
    });

  async function details(who: string): Promise<ViewRecord> {
    const alone = () =>
      person(who)
        .messages('general')
        .filter(({ ephemeral }) => ephemeral);
    const before = new Set(alone().map(({ ts }) => ts));
    await person(who).command('general', '/vault list');
    const list = await until('the list', () => alone().find(({ ts }) => !before.has(ts)));
    await person(who).action(list, 'file_menu', {
      payload: { selected_option: { value: `details:${canvas}` } },
    });
    await person(who).action(await modal(who, 'details_more'), 'details_more');
    return modal(who, 'Versions');
  }

  async function closeAll(who: string) {
    for (let view = person(who).modal(); view; view = person(who).modal()) await person(who).close(view.id);
  }

  it('is in the bucket once for each version', async () => {
    expect(await objectsOf(canvas)).toHaveLength(5);
    const files = await sqliteView(vault.dataDir).files();
    const file = files.find(({ file_id }) => file_id === canvas);
    expect(file?.object_key).toMatch(/\/v5\/Road map\.html$/);
  });

  it('is told with all its versions in Details, each with its own bytes', async () => {
    const view = await details('ben');
    expect(JSON.stringify(view.blocks)).toContain('Q&amp;A road map');
    const buttons = view.blocks.flatMap((block) => {
      const { accessory, block_id } = block as {
        accessory?: { action_id: string; value: string };
        block_id?: string;
      };
      return accessory?.action_id === 'download_version' ? [{ value: accessory.value, block_id }] : [];
    });
    expect(buttons.map(({ value }) => value)).toEqual([5, 4, 3, 2, 1].map((number) => `${canvas}:${number}`));
    const texts = ['fifth', 'fourth', 'third', 'second', 'first'];
    for (const [index, { value, block_id }] of buttons.entries()) {
      const text = texts[index];
      await person('ben').action(view, 'download_version', block_id === undefined ? {} : { block_id });
      const link = await modal('ben', 'open_link');
      const url = /"url":"(http[^"]+)"/.exec(JSON.stringify(link.blocks))?.[1] as string;
      const answer = await fetch(url);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.toString()).toContain(text);
      const number = Number(value.split(':')[1]);
      const disposition = answer.headers.get('content-disposition') ?? '';
      expect(disposition.includes('version')).toBe(number < 5);
      await person('ben').close(link.id);
      await until('Details again', () => person('ben').modal()?.id === view.id);
    }
    await closeAll('ben');
  });

  it('is found by what only an older version says, and that version is a click away', async () => {
    const [found] = await foundBy('third');
    if (found === undefined) throw new Error('it is not found');
    const { value } =
      found.blocks
        ?.flatMap((block) => (block as { elements?: { action_id: string; value: string }[] }).elements ?? [])
        .find(({ action_id }) => action_id === 'download_version') ?? {};
    expect(value).toBe(`${canvas}:3`);
    await person('ben').action(found, 'download_version');
    const link = await modal('ben', 'open_link');
    const url = /"url":"(http[^"]+)"/.exec(JSON.stringify(link.blocks))?.[1] as string;
    expect(await (await fetch(url)).text()).toContain('third');
    await closeAll('ben');
  });
});
