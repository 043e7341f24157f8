import emoji from 'emoji-datasource/emoji.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { decodeShortcodes } from '../../src/text/slack-text.ts';

const sign = (unified: string) =>
  String.fromCodePoint(...unified.split('-').map((point) => Number.parseInt(point, 16)));

describe('the table of emoji', () => {
  it('has every short name of the library, and nothing else', async () => {
    const named = emoji.flatMap(({ short_names, unified }) =>
      short_names.map((name) => [name, sign(unified)] as const),
    );
    const table = Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
    await expect(`${JSON.stringify(table, null, 2)}\n`).toMatchFileSnapshot(
      '../../src/text/slack-emoji-16.json',
    );
  });

  it('puts every skin tone where the library puts it', () => {
    const wrong = emoji.flatMap(({ short_name, ...rest }) => {
      const tones = 'skin_variations' in rest ? Object.entries(rest.skin_variations ?? {}) : [];
      return tones.flatMap(([key, tone]) => {
        if (key.includes('-')) return []; // two people with a tone each: Slack has no short name for these
        const typed = `:${short_name}::skin-tone-${Number.parseInt(key, 16) - 0x1f3f9}:`;
        return decodeShortcodes(typed) === sign((tone as { unified: string }).unified) ? [] : [typed];
      });
    });
    expect(wrong).toEqual([]);
  });
});
