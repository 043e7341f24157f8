import { expect, it } from 'vitest';
import { examinedScreen } from '../../src/blocks/examined.ts';
import { CHECKS } from '../../src/doctor/index.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

it('what is wrong comes first, with what to do', async () => {
  await expectScreen(
    'examined',
    examinedScreen({
      lines: [
        { id: 'node', state: 'ok', says: 'Node 26.' },
        { id: 'bot', state: 'skipped', says: 'No bot answers.' },
        { id: 'bucket.abort', state: 'warn', says: 'May not do <this> & that.', remedy: 'Grant it.' },
        { id: 'slack.token', state: 'fail', says: 'Slack refuses the token.', remedy: 'Copy it again.' },
        { id: 'settings.PORT', state: 'fail', says: 'PORT must be a number.' },
      ],
    }),
  );
});

it('a vault that is well says so', () => {
  const lines = CHECKS.map(({ id }) => ({ id, state: 'ok' as const, says: 'well' }));
  expect(wordsOf(examinedScreen({ lines }))).toContain('Nothing is wrong');
});

it('keeps Slack’s limits when everything is wrong, at length', async () => {
  const long = '<@U1> & *so* '.repeat(400);
  const lines = CHECKS.map(({ id }) => ({ id, state: 'fail' as const, says: long, remedy: long }));
  await expectScreen('examined-all-wrong', examinedScreen({ lines }));
});
