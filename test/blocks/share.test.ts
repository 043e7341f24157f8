import { expect, it } from 'vitest';
import { openQuestion, postedCard, sharedScreen, shareView } from '../../src/blocks/share.ts';
import { expectView } from './block-kit-rules.ts';
import { file } from './samples.ts';
import { expectScreen } from './snapshot.ts';

const names = new Map([
  ['U0BEN', 'Ben'],
  ['U0ANN', 'Ann'],
]);

it('a card in a channel carries no link, no place and no mention', async () => {
  const screen = postedCard({ file: file(), userId: 'U0BEN', right: 'none', names });
  await expectScreen('posted-card', screen);
  expect(JSON.stringify(screen)).not.toMatch(/C0GENERAL|<@/);
});

it('a card of a shared file says that everybody there can open it, until it is taken back', () => {
  const card = (right: 'open' | 'back') =>
    JSON.stringify(postedCard({ file: file(), userId: 'U0ANN', right, names }));
  expect(card('open')).toContain('Ann shared this. Everybody here can open it.');
  expect(card('back')).toContain('This was taken back. Only people who may open the file can open it.');
});

it('its uploader is asked where, others are told that a card opens nothing', () => {
  const asked = (isOwn: boolean, channelId: string | null = 'C0GENERAL') => {
    const view = shareView({ file: file(), isOwn, channelId, opened: [{ channelId: 'U0BEN', ts: null }] });
    expectView(view);
    return JSON.stringify(view.blocks);
  };
  expect(asked(true)).toContain('*Share in <#C0GENERAL>?* Members can then open it.');
  expect(asked(true)).toContain('"initial_conversation":"C0GENERAL"');
  expect(asked(true)).toContain('users_select');
  expect(asked(true)).toContain('Take back');
  expect(asked(true, null)).toContain('*Share in a channel?*');
  expect(asked(false)).toContain('Only people who may open the file can open it');
  expect(asked(false)).not.toContain('users_select');
});

it('asks in one sentence before one click opens a file to a channel', () => {
  expect(openQuestion({ name: 'design' })).toMatchObject({
    title: { text: 'Share in #design?' },
    text: { text: 'Members can then open it.' },
  });
  expect(openQuestion({ name: 'general', isPublic: true }).text.text).toContain('everybody in the workspace');
  expect(openQuestion({ name: null })).toMatchObject({ title: { text: 'Share in this channel?' } });
});

it('offers to take a share back, but not a card', () => {
  const screen = (isOpened: boolean) =>
    JSON.stringify(sharedScreen({ file: file(), isOpened, place: { channelId: 'C0GENERAL', ts: '1.2' } }));
  expect(screen(true)).toContain('share_back');
  expect(screen(false)).not.toContain('share_back');
  const said = sharedScreen({
    file: file(),
    isOpened: true,
    isPublic: true,
    place: { channelId: 'C0', ts: '1.2' },
  });
  expect(said.text).toContain('everybody in the workspace can');
});
