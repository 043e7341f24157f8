import { expect, it } from 'vitest';
import { joinedMessage } from '../../src/blocks/joined.ts';
import { expectScreen } from './snapshot.ts';

it('the hello says what the bot does, and offers to keep the past', async () => {
  const screen = joinedMessage();
  await expectScreen('joined', screen);
  expect(JSON.stringify(screen)).toContain('backfill_start');
});
