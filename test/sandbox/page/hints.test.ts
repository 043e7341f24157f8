import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintsFor, isTyped, withHint } from '../../../sandbox/page/channel/hints.ts';
import type { PageChannel, Person, Workspace } from '../../../sandbox/slack/page-api.ts';

const person = (name: string, real_name: string, is_bot = false): Person => ({
  ...{ id: `U${name}`, name, real_name, is_bot, color: '', role: 'member' },
});
const channel = (name: string, kind: PageChannel['kind'] = 'public'): PageChannel => ({
  ...{ id: `C${name}`, name, kind, topic: `All of ${name}`, members: ['Uanna', 'Uria-vault'] },
  ...{ is_member: true, bot_is_member: true, tabs: [] },
});
const here = channel('general');
const workspace: Workspace = {
  team: { id: 'T', name: 'Team' },
  me: person('anna', 'Anna Keller'),
  people: [
    person('ben', 'Ben Okafor'),
    person('anna', 'Anna Keller'),
    person('zoë', 'Zoë Kessler'),
    person('ria-vault', 'RIA Vault', true),
  ],
  channels: [here, channel('finance-team', 'private'), channel('', 'im')],
  bot: { id: 'Uria-vault', name: 'ria-vault', connected: true, mode: 'socket' },
  commands: [{ command: '/vault', description: 'Files', usage_hint: 'list' }],
  own_commands: ['/invite', '/remove', '/leave'].map((command) => ({ command, description: 'Slack’s own' })),
  shortcuts: [{ name: 'Open RIA Vault', type: 'global', callback_id: 'open' }],
  home: null,
};
const at = (text: string) => {
  const cursor = text.indexOf('|');
  return hintsFor(workspace, here, text.replace('|', ''), cursor);
};
const titles = (text: string) => at(text).list.map((one) => one.title);

describe('what the composer offers', () => {
  test.each([
    ['/|', ['/vault', '/invite', '/remove', '/leave', 'Open RIA Vault']],
    ['/v|', ['/vault']],
    ['/INV|', ['/invite']],
    ['/vault |', []],
    ['/inv|ite', []],
    ['say /v|', []],
    ['@|', ['Anna Keller', 'RIA Vault', 'Ben Okafor', 'Zoë Kessler']],
    ['hello @ke|', ['Anna Keller', 'Zoë Kessler']],
    ['@ZOË|', ['Zoë Kessler']],
    ['@ria|', ['RIA Vault']],
    ['/vault find from:@b|', ['Ben Okafor']],
    ['/invite @|', ['Anna Keller', 'RIA Vault', 'Ben Okafor', 'Zoë Kessler']],
    ['ben@b|', []],
    ['@nobody|', []],
    ['@ben |', []],
    ['#|', ['general', 'finance-team']],
    ['see #team|', ['finance-team']],
    ['a#gen|', []],
    ['no sign|', []],
  ])('%s', (text, offered) => expect(titles(text)).toEqual(offered));

  test('says who is not in the channel', () => {
    expect(at('@|').list.map((one) => one.description)).toEqual([
      '',
      '',
      'Not in this channel',
      'Not in this channel',
    ]);
  });

  test('an app command of the same name comes before Slack’s own', () => {
    const commands = [{ command: '/leave', description: 'Of the app' }];
    const list = hintsFor({ ...workspace, commands }, here, '/leave', 6).list;
    expect(list.map((one) => one.description)).toEqual(['Of the app']);
  });
});

describe('taking a hint', () => {
  test.each([
    ['@b|', '@ben |'],
    ['hi @b|, look', 'hi @ben |, look'],
    ['hi @b|xyz and more', 'hi @ben |and more'],
    ['#gen|', '#general |'],
    ['/v|', '/vault |'],
  ])('%s → %s', (before, after) => {
    const [hint] = at(before).list;
    if (!hint) return expect(hint).toBeDefined();
    const taken = withHint(before.replace('|', ''), hint);
    expect(`${taken.text.slice(0, taken.cursor)}|${taken.text.slice(taken.cursor)}`).toBe(after);
  });

  test('a word that is already complete is typed', () => {
    const [whole] = at('hi @ben|').list;
    const [part] = at('hi @be|').list;
    expect([whole && isTyped('hi @ben', whole), part && isTyped('hi @be', part)]).toEqual([true, false]);
  });

  test('never loses the text around the word', () => {
    const line = fc.stringMatching(/^[a-z @#/.]{0,20}$/);
    fc.assert(
      fc.property(line, line, (before, after) => {
        const text = before + after;
        for (const hint of hintsFor(workspace, here, text, before.length).list) {
          const taken = withHint(text, hint).text;
          expect(taken.startsWith(text.slice(0, hint.from))).toBe(true);
          expect(taken.endsWith(text.slice(hint.to).replace(/^ /, ''))).toBe(true);
        }
      }),
    );
  });
});
