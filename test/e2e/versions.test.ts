import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewRecord } from '../../sandbox/slack/types.ts';
import { sqliteView } from '../faults/catalog-view.ts';
import { type BotClock, botClock } from '../faults/clock.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const QUIET_MS = 11 * 60_000;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a canvas that people go on editing', () => {
  let vault: TestVault;
  let clock: BotClock;
  let bot: Bot;
  let canvas: string;
  let secret: string;
  let offset = 0;
  beforeAll(async () => {
    vault = await startVault();
    clock = botClock(vault);
    bot = await vault.startBot(clock.env);
    canvas = person('ben').canvas('general', { title: 'Road map', html: '<p>first</p>' }).fileId;
    secret = person('carla').canvas('finance', { title: 'Salaries', html: '<p>secret 1</p>' }).fileId;
    await until('both canvases', async () => (await objectsOf('')).length === 2);
    for (const text of ['second', 'third', 'fourth']) {
      person('ben').edit(canvas, { content: `<p>${text}</p>` });
      await versionOf(canvas, text);
    }
    person('ben').edit(canvas, { title: 'Q&A road map' });
    person('carla').edit(secret, { content: '<p>secret 2</p>' });
    await versionOf(secret, 'secret 2');
    // Links are made by the right time.
    clock.step(bot, 0);
  });
  afterAll(() => vault?.close());

  const person = (who: string) => vault.slack.as(who);
  const objectsOf = async (fileId: string) =>
    (await vault.s3.list(BUCKET)).map(({ key }) => key).filter((key) => key.includes(`/${fileId}`));

  /** Lets time go on until the bucket has a version with this text. */
  async function versionOf(fileId: string, text: string): Promise<void> {
    await until(
      `the version with ${text}`,
      async () => {
        for (const key of await objectsOf(fileId))
          if ((await vault.s3.read(BUCKET, key)).includes(text)) return true;
        offset += QUIET_MS;
        clock.step(bot, offset);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return false;
      },
      60_000,
    );
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
    return modal(who, 'Versions');
  }

  async function closeAll(who: string) {
    for (let view = person(who).modal(); view; view = person(who).modal()) await person(who).close(view.id);
  }

  it('is in the bucket once for each version', async () => {
    expect(await objectsOf(canvas)).toHaveLength(4);
    const files = await sqliteView(vault.dataDir).files();
    const file = files.find(({ file_id }) => file_id === canvas);
    expect(file?.object_key).toMatch(/\/v4\/Road map\.html$/);
  });

  it('is told with all its versions in Details, each with its own bytes', async () => {
    const view = await details('ben');
    expect(JSON.stringify(view.blocks)).toContain('Q&amp;A road map');
    const buttons = view.blocks.flatMap((block) => {
      const accessory = (block as { accessory?: { action_id?: string; value?: string } }).accessory;
      return accessory?.action_id === 'download_version' ? [accessory.value as string] : [];
    });
    expect(buttons).toEqual([4, 3, 2, 1].map((number) => `${canvas}:${number}`));
    for (const [value, text] of buttons.map((one, index) => [
      one,
      ['fourth', 'third', 'second', 'first'][index],
    ])) {
      await person('ben').action(view, 'download_version', { payload: { value } });
      const link = await modal('ben', 'open_link');
      const url = /"url":"(http[^"]+)"/.exec(JSON.stringify(link.blocks))?.[1] as string;
      const answer = await fetch(url);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.toString()).toContain(text);
      expect(JSON.stringify(link.blocks)).toContain(sha256(bytes).slice(0, 12));
      const number = Number(value?.split(':')[1]);
      const disposition = answer.headers.get('content-disposition') ?? '';
      expect(disposition.includes('version')).toBe(number < 4);
      await person('ben').close(link.id);
      await until('Details again', () => person('ben').modal()?.id === view.id);
    }
    await closeAll('ben');
  });

  it('gives no version to whom it is not theirs to see, nor one that there is not', async () => {
    for (const value of [
      `${secret}:1`,
      `${secret}:2`,
      `${canvas}:9`,
      `${canvas}:0`,
      `${canvas}:1e0`,
      'F0NONE:1',
      '',
    ]) {
      const view = await details('ben');
      await person('ben').action(view, 'download_version', { payload: { value } });
      const answer = await until('an answer', () => {
        const now = person('ben').modal();
        const text = JSON.stringify(now?.blocks ?? '');
        const isOther = now !== undefined && (now.id !== view.id || !text.includes('Versions'));
        return isOther && !text.includes('Loading') && !text.includes('One moment') ? now : undefined;
      });
      expect(JSON.stringify(answer.blocks)).not.toContain('X-Amz-Signature');
      await closeAll('ben');
    }
  });
});
