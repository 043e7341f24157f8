import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageMessage } from '../../sandbox/slack/page-api.ts';
import type { ViewRecord } from '../../sandbox/slack/types.ts';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** The smallest PNG: one white pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=',
  'base64',
);

describe('the details of a file, and what can be done there', () => {
  let vault: TestVault;
  let photo: string;
  let photoTs: string;
  let secret: string;

  beforeAll(async () => {
    vault = await startVault();
    await vault.startBot();
    const shared = await vault.slack.as('ben').share('general', { name: 'photo.png', content: PIXEL });
    photo = shared.files[0] as string;
    photoTs = shared.ts;
    const finance = await vault.slack
      .as('carla')
      .share('finance', { name: 'salaries.xlsx', content: 'secret' });
    secret = finance.files[0] as string;
    await until('both files', async () => (await vault.s3.list(BUCKET)).length === 2);
  });
  afterAll(() => vault?.close());

  const person = (who: string) => vault.slack.as(who);
  const alone = (who: string, channel: string) =>
    person(who)
      .messages(channel)
      .filter(({ ephemeral }) => ephemeral);

  async function menuOf(who: string, words: string, channel = 'general'): Promise<PageMessage> {
    return until('the list', async () => {
      const before = new Set(alone(who, channel).map(({ ts }) => ts));
      await person(who).command(channel, `/vault find ${words}`);
      const list = await until('an answer', () => alone(who, channel).find(({ ts }) => !before.has(ts)));
      return JSON.stringify(list.blocks).includes('"download_file"') ? list : undefined;
    });
  }

  async function details(who: string, fileId: string, channel = 'general'): Promise<ViewRecord> {
    const list = await menuOf(who, fileId, channel);
    await person(who).action(list, 'file_menu', {
      payload: { selected_option: { value: `details:${fileId}` } },
    });
    return modal(who, 'details_more');
  }

  const modal = (who: string, text: string) =>
    until(text, () => {
      const view = person(who).modal();
      return view && JSON.stringify(view.blocks).includes(text) ? view : undefined;
    });

  async function closeAll(who: string) {
    for (let view = person(who).modal(); view; view = person(who).modal()) await person(who).close(view.id);
  }

  it('shows a picture that Slack can fetch, and where it was shared', async () => {
    const view = await details('ben', photo);
    const [first] = view.blocks as Array<{ accessory?: { type: string; image_url: string } }>;
    const answer = await fetch(first?.accessory?.image_url ?? '');
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('content-disposition')).toBe('inline');
    expect(Buffer.from(await answer.arrayBuffer()).equals(PIXEL)).toBe(true);
    await person('ben').action(view, 'details_more');
    const text = JSON.stringify((await modal('ben', 'SHA-256')).blocks);
    expect(text).toContain(
      `/archives/${vault.slack.workspace.channels.general}/p${photoTs.replace('.', '')}|Open>`,
    );
    expect(text).not.toContain('"key:');
    await closeAll('ben');
  });

  it('tells admins alone where the file lies', async () => {
    const view = await details('carla', photo);
    await person('carla').action(view, 'file_menu', {
      payload: { selected_option: { value: `key:${photo}` } },
    });
    const key = await modal('carla', 's3://');
    const [object] = (await vault.s3.list(BUCKET)).filter((one) => one.key.includes(photo));
    expect(JSON.stringify(key.blocks)).toContain(`s3://${BUCKET}/${object?.key}`);
    await closeAll('carla');
  });

  it('shares her own file here until she takes it back, and its card works with the rights of whoever clicks', async () => {
    const view = await details('carla', secret);
    const text = JSON.stringify(view.blocks);
    // Her own file: she opens it to the channel.
    expect(text).toMatch(/"action_id":"share_here"/);
    expect(text).toContain('Share in #general?');
    await person('carla').action(view, 'share_here');
    const done = await modal('carla', 'Members can now open it');
    const card = await until('the card', () =>
      person('ben')
        .messages('general')
        .find((one) => JSON.stringify(one.blocks ?? '').includes('shared this')),
    );
    expect(JSON.stringify(card.blocks)).toContain('salaries.xlsx');
    await person('ben').action(card, 'download_file');
    await modal('ben', 'X-Amz');
    await closeAll('ben');
    await person('carla').action(done, 'share_back');
    await modal('carla', 'Taken back');
    await person('ben').action(card, 'download_file');
    await modal('ben', 'Only people in another channel can open this');
    await until('the card to say so', () =>
      person('ben')
        .messages('general')
        .some((one) => JSON.stringify(one.blocks ?? '').includes('This was taken back')),
    );
    await closeAll('carla');
    await person('carla').action(card, 'download_file');
    await modal('carla', 'X-Amz');
    await closeAll('carla');
  });

  it('asks before a name is told to people who do not know it', async () => {
    const view = await details('anna', secret);
    const share = view.blocks.flatMap((block: { elements?: unknown[] }) => block.elements ?? []) as Array<{
      action_id?: string;
      confirm?: { text: { text: string } };
    }>;
    const button = share.find(({ action_id }) => action_id === 'share_here');
    expect(button?.confirm?.text.text).toContain('Everybody here will see that salaries.xlsx exists');
    await closeAll('anna');
    const known = await details('anna', secret, 'finance');
    // It is here already; the menu shares it elsewhere.
    expect(JSON.stringify(known.blocks)).not.toContain('share_here');
    expect(JSON.stringify(known.blocks)).toContain(`"share:${secret}"`);
    await closeAll('anna');
  });
});
