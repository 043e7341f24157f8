import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSpoken } from '../../src/text/spoken.ts';

const BOT = 'U0BOT';
const read = (text: string) => readSpoken(text, BOT);

describe('what people say to the bot', () => {
  it.each([
    ['<@U0BOT> budget?', 'budget'],
    ['<@U0BOT|ria-vault>, budget 2026?!', 'budget 2026'],
    ['hey <@U0BOT> can you find the budget please?', 'find budget'],
    ['Hello! Where is the year end report?', 'year end report'],
    ['budget, please', 'budget'],
    ['please search for budget', 'budget'],
    ['do you have the budget from last week?', 'budget from last week'],
    ['Hi there, I am looking for budget.xlsx', 'budget.xlsx'],
    ['where are the invoices from:me thanks', 'invoices from:me'],
    ['find budget', 'find budget'],
    ['could you please show me *.pdf last month?', '*.pdf last month'],
    ['"what is this?"', '"what is this?"'],
    ['the plan.txt', 'the plan.txt'],
    ['history of us.mp4', 'history of us.mp4'],
    ['this week?', 'this week'],
    ['find R&D plan <v2>.pdf', 'find R&D plan <v2>.pdf'],
    ['help', 'help'],
    ['thanks, and the budget?', 'budget'],
  ])('%s asks for %s', (said, text) => expect(read(said)).toEqual({ kind: 'asked', text }));

  it.each([
    ...[
      'thanks!',
      'ty',
      'Danke',
      'danke schön!',
      '👍',
      ':+1:',
      '🙏🏽',
      'thank you so much',
      'Thx :tada:',
      'merci',
    ],
    ...['great, thanks', 'ok', 'Perfect!', 'many thanks for the help', '<@U0BOT> thanks', '❤️', 'vielen Dank'],
  ])('%s is thanks', (said) => expect(read(said)).toEqual({ kind: 'thanks' }));

  it.each(['', ' ', '<@U0BOT>', '<@U0BOT> ?', 'hi', 'Hello <@U0BOT>!', 'hey there', '…', 'please'])(
    '%j asks for nothing',
    (said) => expect(read(said)).toEqual({ kind: 'nothing' }),
  );

  it('reads anything at all, and never its own mention', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (said) => {
        const spoken = read(`<@${BOT}> ${said}`);
        if (spoken.kind === 'asked') expect(spoken.text).not.toContain(`<@${BOT}>`);
      }),
    );
  });
});
