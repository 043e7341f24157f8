import { describe, expect, it } from 'vitest';
import {
  type ChannelInput,
  channelScreen,
  rulesFormView,
  rulesSavedScreen,
  rulesSureView,
} from '../../src/blocks/channel.ts';
import { expiryMessage, rulesMessage } from '../../src/blocks/channel-news.ts';
import { decodeSettings } from '../../src/blocks/kit/places.ts';
import { applyRules, NO_OVERRIDES } from '../../src/catalog/governance/rules.ts';
import { DAY, NOW } from './samples.ts';
import { expectScreen, expectScreenView, wordsOf } from './snapshot.ts';

const defaults = {
  confirm: 'thread' as const,
  excludeTypes: new Set<string>(),
  maxFileBytes: 5 * 1024 ** 3,
  retentionDays: 0,
  onSlackDelete: 'keep' as const,
};
const own = {
  capture: false,
  confirm: 'reaction' as const,
  excludeTypes: ['mov', 'mp4'],
  maxFileBytes: 50 * 1024 ** 2,
  retentionDays: 90,
  onSlackDelete: 'trash' as const,
};
const input: ChannelInput = {
  ...{ channelId: 'C0GENERAL', rules: applyRules(defaults), own: NO_OVERRIDES },
  ...{ changedBy: null, changedAt: null, isMember: true, since: NOW - 100 * DAY },
  ...{ files: 1204, bytes: 45_000_000_000, holds: 0, mayChange: false },
  unkept: { notKept: [], waiting: 0 },
};

describe('how a channel is kept', () => {
  it('is shown to everybody', async () => {
    await expectScreen('channel', channelScreen(input));
    expect(wordsOf(channelScreen({ ...input, isMember: false }))).toContain(
      ':warning: I am not in <#C0GENERAL>, so nothing shared here is saved.',
    );
  });

  it('says what files are found by, and marks what is of the channel alone', () => {
    const shown = (text: 'all' | 'off', ofItsOwn?: 'all' | 'off') => {
      const own = { ...NO_OVERRIDES, ...(ofItsOwn && { text: ofItsOwn }) };
      return wordsOf(channelScreen({ ...input, own, rules: applyRules({ ...defaults, text }, own) }));
    };
    expect(shown('all')).toMatch(/found by: their names, what was said with them, and what is in them$/m);
    expect(shown('off')).toMatch(/found by: their names only$/m);
    expect(shown('all', 'off')).toMatch(/found by: their names only \(.+\)$/m);
  });

  it('counts apart what is not kept and what is on its way', () => {
    const unkept = {
      notKept: [
        { reason: 'external', files: 8 },
        { reason: 'too_large', files: 4 },
      ],
      waiting: 2,
    };
    expect(wordsOf(channelScreen({ ...input, unkept }))).toContain(
      '12 more are not saved: 8 links, 4 too large · 2 on their way',
    );
  });

  it('marks what was set for this channel, and lets admins change it', async () => {
    const changed = { own, rules: applyRules(defaults, own), changedBy: 'U0ANN', changedAt: NOW };
    await expectScreen('channel-admin', channelScreen({ ...input, ...changed, holds: 1, mayChange: true }));
  });

  it('offers admins an emoji instead, where messages confirm', () => {
    const shown = (given: Partial<ChannelInput>) =>
      JSON.stringify(channelScreen({ ...input, sign: 'file_cabinet', ...given }));
    expect(shown({ mayChange: true })).toContain('React instead');
    expect(shown({ mayChange: false })).not.toContain('React instead');
    const reaction = applyRules(defaults, { ...NO_OVERRIDES, confirm: 'reaction' });
    expect(shown({ mayChange: true, rules: reaction })).not.toContain('React instead');
    const { blocks } = channelScreen({ ...input, sign: 'file_cabinet', mayChange: true });
    expect(blocks.map(({ block_id: id }) => decodeSettings(id)).filter(Boolean)).toEqual([
      'C0GENERAL',
      'C0GENERAL',
    ]);
  });

  it('is changed in a form, with a second question where files would go', async () => {
    await expectScreenView(
      'rules-form',
      rulesFormView({ channelId: 'C1', own, defaults: applyRules(defaults) }),
    );
    await expectScreenView(
      'rules-form-defaults',
      rulesFormView({ channelId: 'C1', own: NO_OVERRIDES, defaults: applyRules(defaults) }),
    );
    const sure = rulesSureView({ channelId: 'C1', own, days: 90, files: 1, atLeast: false });
    await expectScreenView('rules-sure', sure);
    expect(JSON.parse(sure.private_metadata ?? '')).toEqual({ channelId: 'C1', own });
    await expectScreen('rules-saved', rulesSavedScreen({ changed: true }));
    expect(wordsOf(rulesSavedScreen({ changed: false }))).toContain('Nothing');
  });

  it('is told in the channel in words', async () => {
    const names = new Map([
      ['U0ANN', 'Anna'],
      ['U0BEN', 'Ben'],
    ]);
    const news = [
      { actorId: 'U0ANN', changes: own },
      { actorId: 'U0BEN', changes: { retentionDays: 0, excludeTypes: [] } },
    ];
    await expectScreen('rules-message', rulesMessage({ news, names, sign: 'file_cabinet' }));
    await expectScreen('expiry-message', expiryMessage({ files: 12 }));
  });
});
